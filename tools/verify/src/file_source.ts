// Files of this machine, for the command line.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { type Byte_source } from "./byte_source.js";
import { type Export_files } from "./export.js";

export class File_source implements Byte_source {
  readonly size: number;
  private readonly file: number;

  constructor(readonly name: string) {
    this.file = openSync(name, "r");
    this.size = fstatSync(this.file).size;
  }

  async read(at: number, into: Uint8Array): Promise<number> {
    return readSync(this.file, into, 0, into.length, at);
  }

  close(): void {
    closeSync(this.file);
  }
}

export function export_files(folder: string): Export_files {
  const file = (name: string): File_source => new File_source(join(folder, name));
  return {
    manifest: file("export.json"),
    checkpoint: file("checkpoint"),
    entries: file("entries"),
    records: file("records"),
    accounts: file("accounts"),
  };
}
