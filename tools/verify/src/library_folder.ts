// The library's folder, for the command line: sources, regions, then factors by name of file.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Library } from "./library.js";

export function read_library(folder: string): Library {
  const library = new Library();
  const text = (...parts: string[]): string => readFileSync(join(folder, ...parts), "utf8");
  library.add("sources", text("sources.toml"), "sources.toml");
  library.add("regions", text("regions.toml"), "regions.toml");
  for (const name of readdirSync(join(folder, "factors")).sort())
    if (name.endsWith(".toml")) library.add("factors", text("factors", name), name);
  return library;
}
