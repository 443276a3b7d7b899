// Where the tests find what is outside of this folder; what is missing is skipped, but not in CI.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../..", import.meta.url));
export const library = join(root, "library");
export const partake = process.env.PARTAKE ?? join(root, "build/release/partake");
export const shared = join(root, "../shared/data");

export function skip_without(path: string): string | false {
  if (existsSync(path) || process.env.CI === "true") return false;
  return `${path} is not there`;
}

export function new_folder(): string {
  const folder = mkdtempSync(join(tmpdir(), "partake-verify-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
