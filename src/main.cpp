#include <cstdio>
#include <exception>

#include "cli/commands.h"

int main(int argc, char** argv) {
  try {
    return partake::cli::run(argc, argv);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "partake: %s\n", problem.what());
    return 70;
  }
}
