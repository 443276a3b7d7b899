// SHA-256 of many short messages. @noble/hashes makes an object for each message; an export of
// ten million events has thirty million of them, so this one keeps its buffers and writes where
// it is told. The tests hold it against @noble/hashes byte for byte.

const k = new Int32Array(64);
const start = new Int32Array(8);
{
  // The fractional bits of the cube and square roots of the first primes, as FIPS 180-4 says.
  let found = 0;
  const root_bits = (n: bigint, power: bigint): number => {
    // floor(n^(1/power) * 2^32) by bisection over integers: exact, no floating point
    const target = n << (32n * power);
    let low = 0n;
    let high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if (middle ** power <= target) low = middle;
      else high = middle;
    }
    return Number(low & 0xffffffffn) | 0;
  };
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) start[found] = root_bits(BigInt(n), 2n);
    k[found++] = root_bits(BigInt(n), 3n);
  }
}

const w = new Int32Array(64);
const state = new Int32Array(8);

function compress(bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++, at += 4)
    w[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!;
    const y = w[i - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + k[i]! + w[i]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (state[0]! + a) | 0;
  state[1] = (state[1]! + b) | 0;
  state[2] = (state[2]! + c) | 0;
  state[3] = (state[3]! + d) | 0;
  state[4] = (state[4]! + e) | 0;
  state[5] = (state[5]! + f) | 0;
  state[6] = (state[6]! + g) | 0;
  state[7] = (state[7]! + h) | 0;
}

const tail = new Uint8Array(128);

/** H of bytes[from, to) into out[at, at + 32). */
export function sha256_into(
  bytes: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
): void {
  state.set(start);
  const size = to - from;
  while (to - from >= 64) {
    compress(bytes, from);
    from += 64;
  }
  const rest = to - from;
  for (let i = 0; i < rest; i++) tail[i] = bytes[from + i]!;
  tail[rest] = 0x80;
  const padded = rest < 56 ? 64 : 128;
  for (let i = rest + 1; i < padded - 8; i++) tail[i] = 0;
  const high = Math.floor(size / 0x20000000);
  const low = (size << 3) >>> 0;
  for (let i = 0; i < 4; i++) {
    tail[padded - 8 + i] = (high >>> (24 - 8 * i)) & 255;
    tail[padded - 4 + i] = (low >>> (24 - 8 * i)) & 255;
  }
  compress(tail, 0);
  if (padded === 128) compress(tail, 64);
  for (let i = 0; i < 8; i++) {
    const word = state[i]!;
    out[at++] = word >>> 24;
    out[at++] = (word >>> 16) & 255;
    out[at++] = (word >>> 8) & 255;
    out[at++] = word & 255;
  }
}

export function sha256(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(32);
  sha256_into(bytes, 0, bytes.length, out, 0);
  return out;
}
