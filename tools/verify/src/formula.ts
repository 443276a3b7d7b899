// Formulas: text to trees, after the grammar of the method language.
import { Malformed } from "./trouble.js";
import { type Decimal, read_decimal } from "./decimal.js";
import { read_unit, type Unit, plain } from "./unit.js";

export type Node =
  | { readonly kind: "number"; readonly value: Decimal; readonly unit: Unit; readonly unit_text: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "column"; readonly table: string; readonly column: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: "negate"; readonly of: Node }
  | { readonly kind: "binary"; readonly op: string; readonly left: Node; readonly right: Node }
  | { readonly kind: "power"; readonly base: Node; readonly exponent: number }
  | { readonly kind: "if"; readonly test: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: "compare"; readonly op: string; readonly left: Node; readonly right: Node }
  | {
      readonly kind: "choice";
      readonly name: string;
      readonly choice: string;
      readonly not: boolean;
    }
  | {
      readonly kind: "logical";
      readonly op: "and" | "or";
      readonly left: Node;
      readonly right: Node;
    }
  | { readonly kind: "not"; readonly of: Node };

interface Token {
  readonly kind: "number" | "word" | "unit" | "choice" | "sign" | "end";
  readonly text: string;
}

const characters_max = 4096;
const depth_max = 64;

function tokens_of(text: string): Token[] {
  const tokens: Token[] = [];
  const number = /([0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/.source;
  const rest = /([a-z][a-z0-9_]*)|\[([^\]]*)\]|'([^']*)'|(<=|>=|==|!=|[-+*/^()<>,.])/.source;
  const pattern = new RegExp(`\\s*(?:${number}|${rest})`, "uy");
  let at = 0;
  while (text.slice(at).trim() !== "") {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw new Malformed("formula.form", { formula: text.slice(0, 80), at });
    at = pattern.lastIndex;
    if (match[1] !== undefined) tokens.push({ kind: "number", text: match[1] });
    else if (match[2] !== undefined) tokens.push({ kind: "word", text: match[2] });
    else if (match[3] !== undefined) tokens.push({ kind: "unit", text: match[3] });
    else if (match[4] !== undefined) tokens.push({ kind: "choice", text: match[4] });
    else tokens.push({ kind: "sign", text: match[5]! });
  }
  tokens.push({ kind: "end", text: "" });
  return tokens;
}

const reserved = new Set(["if", "then", "else", "and", "or", "not"]);

class Parser {
  private at = 0;
  private depth = 0;
  private readonly tokens: Token[];

  constructor(private readonly text: string) {
    if (text.length > characters_max) throw this.wrong();
    this.tokens = tokens_of(text);
  }

  whole(): Node {
    const node = this.expression();
    if (this.token.kind !== "end") throw this.wrong();
    return node;
  }

  private after_match(open: number): number {
    let depth = 0;
    for (let i = open; i < this.tokens.length; i++) {
      const { kind, text } = this.tokens[i]!;
      if (kind === "sign" && text === "(") depth++;
      if (kind === "sign" && text === ")" && --depth === 0) return i + 1;
    }
    return this.tokens.length - 1;
  }

  private is_arithmetic(at: number): boolean {
    const { kind, text } = this.tokens[at]!;
    return kind === "sign" && /^([-+*/^]|<=?|>=?|[=!]=)$/.test(text);
  }

  private get token(): Token {
    return this.tokens[this.at]!;
  }

  private wrong(): Malformed {
    return new Malformed("formula.form", { formula: this.text.slice(0, 80), at: this.at });
  }

  private is(text: string): boolean {
    return (
      this.token.text === text && (this.token.kind === "sign" || this.token.kind === "word")
    );
  }

  private accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw this.wrong();
  }

  private expression(): Node {
    if (++this.depth > depth_max) throw this.wrong();
    let node: Node;
    if (this.accept("if")) {
      const test = this.condition();
      this.expect("then");
      const yes = this.expression();
      this.expect("else");
      node = { kind: "if", test, yes, no: this.expression() };
    } else {
      node = this.sum();
    }
    this.depth--;
    return node;
  }

  private condition(): Node {
    if (++this.depth > depth_max) throw this.wrong();
    let node = this.conjunct();
    while (this.accept("or"))
      node = { kind: "logical", op: "or", left: node, right: this.conjunct() };
    this.depth--;
    return node;
  }

  private conjunct(): Node {
    let node = this.negation();
    while (this.accept("and"))
      node = { kind: "logical", op: "and", left: node, right: this.negation() };
    return node;
  }

  private negation(): Node {
    if (this.is("not")) {
      if (++this.depth > depth_max) throw this.wrong();
      this.at++;
      const of = this.negation();
      this.depth--;
      return { kind: "not", of };
    }
    // A parenthesis opens a condition or a number; what follows its end says which. (Trying both
    // would take time that doubles with each level.)
    if (this.is("(") && !this.is_arithmetic(this.after_match(this.at))) {
      this.at++;
      const inner = this.condition();
      this.expect(")");
      return inner;
    }
    return this.comparison();
  }

  private comparison(): Node {
    const name = this.token;
    const sign = this.tokens[this.at + 1];
    const choice = this.tokens[this.at + 2];
    if (name.kind === "word" && choice?.kind === "choice" && /^[=!]=$/.test(sign!.text)) {
      this.at += 3;
      return { kind: "choice", name: name.text, choice: choice.text, not: sign!.text === "!=" };
    }
    const left = this.sum();
    const op = this.token.text;
    if (this.token.kind !== "sign" || !["<", "<=", ">", ">=", "==", "!="].includes(op))
      throw this.wrong();
    this.at++;
    return { kind: "compare", op, left, right: this.sum() };
  }

  private sum(): Node {
    let node = this.product();
    while (this.is("+") || this.is("-")) {
      const op = this.tokens[this.at++]!.text;
      node = { kind: "binary", op, left: node, right: this.product() };
    }
    return node;
  }

  private product(): Node {
    let node = this.unary();
    while (this.is("*") || this.is("/")) {
      const op = this.tokens[this.at++]!.text;
      node = { kind: "binary", op, left: node, right: this.unary() };
    }
    return node;
  }

  private unary(): Node {
    if (!this.accept("-")) return this.power();
    if (++this.depth > depth_max) throw this.wrong();
    const of = this.unary();
    this.depth--;
    return { kind: "negate", of };
  }

  private power(): Node {
    const base = this.primary();
    if (!this.accept("^")) return base;
    const minus = this.accept("-");
    const token = this.token;
    if (token.kind !== "number" || !/^[0-9]{1,2}$/.test(token.text)) throw this.wrong();
    this.at++;
    const exponent = (minus ? -1 : 1) * Number(token.text);
    if (exponent === 0 || Math.abs(exponent) > 16) throw this.wrong();
    return { kind: "power", base, exponent };
  }

  private primary(): Node {
    const token = this.token;
    if (token.kind === "number") {
      this.at++;
      const unit_text = this.token.kind === "unit" ? this.tokens[this.at++]!.text : "";
      const unit = unit_text === "" ? plain : read_unit(unit_text);
      return { kind: "number", value: read_decimal(token.text), unit, unit_text };
    }
    if (token.kind === "word" && !reserved.has(token.text)) {
      this.at++;
      if (this.accept(".")) {
        const column = this.token;
        if (column.kind !== "word") throw this.wrong();
        this.at++;
        return { kind: "column", table: token.text, column: column.text };
      }
      if (!this.accept("(")) return { kind: "name", name: token.text };
      const args = [this.expression()];
      while (this.accept(",")) args.push(this.expression());
      this.expect(")");
      return { kind: "call", name: token.text, args };
    }
    if (this.accept("(")) {
      const inner = this.expression();
      this.expect(")");
      return inner;
    }
    throw this.wrong();
  }
}

export function parse_formula(text: string): Node {
  return new Parser(text).whole();
}
