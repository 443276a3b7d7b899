// partake export: records of the books into a folder, to be checked elsewhere.
#include "books/export.h"
#include "cli/books_session.h"
#include "cli/commands.h"
#include "storage/real_disk.h"

namespace partake::cli {

int export_books(const Context& context, const ExportArguments& arguments) {
  auto session = open_books(context, arguments.folder, journal::Mode::read);
  if (!session) return context.refuse(session.error());
  const auto run = [&]() -> Status {
    books::ExportSelection selection;
    if (!arguments.programme.empty()) selection.programme = arguments.programme;
    if (!arguments.account.empty()) {
      TRY(selection.account, session->books().account(arguments.account));
    }
    if (!arguments.since.empty()) {
      TRY(selection.since, parse_day(arguments.since));
    }
    TRY(const auto target, storage::make_disk(arguments.target));
    books::ExportCounts counts;
    {
      ProgressLine progress{context};
      TRY(counts, books::write_export(*session->directory, *target, selection,
                                      [&](std::uint64_t block, std::uint64_t of) {
                                        progress.show("books.progress.export",
                                                      {{"block", grouped(std::to_string(block))},
                                                       {"of", grouped(std::to_string(of))}});
                                      }));
    }
    const auto whole = [](std::uint64_t value) {
      return Json::integer(static_cast<std::int64_t>(value));
    };
    if (context.json) {
      context.print(Json::Object{{"folder", arguments.target},
                                 {"blocks", whole(counts.blocks)},
                                 {"given", whole(counts.given)},
                                 {"events", whole(counts.events)},
                                 {"accounts", whole(counts.accounts)}});
    } else {
      context.say_line("books.exported", {{"folder", arguments.target},
                                          {"given", grouped(std::to_string(counts.given))},
                                          {"events", grouped(std::to_string(counts.events))},
                                          {"accounts", grouped(std::to_string(counts.accounts))}});
    }
    return {};
  };
  const auto status = run();
  return status ? 0 : context.refuse(status.error());
}

}  // namespace partake::cli
