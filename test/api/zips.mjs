// ZIPs made here, entry by entry: { name, bytes, stored, password, aes, mode }.
import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto';
import * as zlib from 'node:zlib';

const table = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xEDB88320 : n >>> 1;
  return n >>> 0;
});
const step = (crc, byte) => (crc >>> 8) ^ table[(crc ^ byte) & 255];
export const crc32 = zlib.crc32 ?? (bytes => {
  let crc = 0xFFFFFFFF;
  for (const byte of bytes) crc = step(crc, byte);
  return ~crc >>> 0;
});

// The traditional encryption.
function encrypted(bytes, password, crc) {
  let [a, b, c] = [0x12345678, 0x23456789, 0x34567890];
  const take = byte => {
    a = step(a, byte);
    b = (Math.imul(b + (a & 255), 134775813) + 1) >>> 0;
    c = step(c, b >>> 24);
  };
  for (const byte of Buffer.from(password)) take(byte);
  const head = Buffer.alloc(12, 7);
  head[11] = crc >>> 24;
  return Buffer.concat([head, bytes]).map(byte => {
    const t = (c & 0xFFFF) | 2, key = (Math.imul(t, t ^ 1) >>> 8) & 255;
    take(byte);
    return byte ^ key;
  });
}

// That of WinZip, AE-2 with 256 bits: counter mode, the counter's low byte first.
function sealed(bytes, password) {
  const salt = Buffer.alloc(16, 3), keys = pbkdf2Sync(password, salt, 1000, 66, 'sha1'), out = Buffer.alloc(bytes.length);
  for (let at = 0, block = 1; at < bytes.length; at += 16, block++) {
    const counter = Buffer.alloc(16);
    counter.writeUInt32LE(block);
    const stream = createCipheriv('aes-256-ecb', keys.subarray(0, 32), null).update(counter);
    for (let i = at; i < Math.min(at + 16, bytes.length); i++) out[i] = bytes[i] ^ stream[i - at];
  }
  return Buffer.concat([salt, keys.subarray(64), out, createHmac('sha1', keys.subarray(32, 64)).update(out).digest().subarray(0, 10)]);
}

const u16 = n => [n & 255, n >> 8 & 255];
const u32 = n => [...u16(n & 0xFFFF), ...u16(n >>> 16)];

export function zipOf(entries) {
  const body = [], directory = [];
  let at = 0;
  for (const { name, bytes = Buffer.alloc(0), stored, password, aes, mode = 0o100644 } of entries) {
    const plain = Buffer.from(bytes), crc = crc32(plain), text = Buffer.from(name);
    const packed = stored || !plain.length ? plain : zlib.deflateRawSync(plain);
    const data = aes ? sealed(packed, password) : password ? encrypted(packed, password, crc) : packed;
    const method = packed === plain ? 0 : 8;
    const extra = aes ? Buffer.from([...u16(0x9901), ...u16(7), ...u16(2), 0x41, 0x45, 3, ...u16(method)]) : Buffer.alloc(0);
    const common = Buffer.from([...u16(20), ...u16((password ? 1 : 0) | 0x800), ...u16(aes ? 99 : method), ...u16(0x6000),
      ...u16(0x5821), ...u32(aes ? 0 : crc), ...u32(data.length), ...u32(plain.length), ...u16(text.length), ...u16(extra.length)]);
    const head = Buffer.concat([Buffer.from('PK\x03\x04'), common, text, extra, data]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from(u16(3 << 8 | 20)), common, Buffer.alloc(6),
      Buffer.from([...u32(Number(BigInt(mode) << 16n & 0xFFFFFFFFn)), ...u32(at)]), text, extra]));
    body.push(head);
    at += head.length;
  }
  const records = Buffer.concat(directory);
  return Buffer.concat([...body, records, Buffer.from('PK\x05\x06'), Buffer.from([...u32(0), ...u16(entries.length),
    ...u16(entries.length), ...u32(records.length), ...u32(at), ...u16(0)])]);
}
