import { byteReader, type ByteReader } from './byte-reader.ts'
import { limits, unreadable } from './limits.ts'

const block = 512
/** Plain files; directories are only their files' paths here. */
const files = ['0', '\0', '7']

/**
 * Reads the files of a tar stream (ustar, with the long names of GNU and pax) that `isWanted` says, by their paths. Throws
 * InputError MUST_GATHER_UNREADABLE for what is not a tar, for a path that leads out of it, a link or a device in it, and for
 * what is beyond the limits.
 */
export const readTar = async (
  source: AsyncIterable<Uint8Array>,
  isWanted: (path: string) => boolean,
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const bytes = byteReader(source)
  const found = new Map<string, Uint8Array>()
  let [kept, all, entries] = [0, 0, 0]
  let longName: string | null = null
  for (;;) {
    const header = await bytes.take(block)
    if (header === null) throw unreadable('archive', 'it ends in the middle')
    if (header.every(byte => byte === 0)) return found
    const { name, size, type } = readHeader(header)
    const path: string = longName ?? name
    entries += 1
    all += size
    if (entries > limits.entries || all > limits.archive)
      throw unreadable('archive', 'there is more in it than a must-gather has')
    if (type === 'L' || type === 'x') {
      longName = nameIn(type, (await content(bytes, size, path)).toString('utf8')) ?? longName
      continue
    }
    longName = null
    if (type !== 'g') refuseUnsafe(path, type)
    if (files.includes(type) && isWanted(path)) {
      kept += size
      if (kept > limits.kept) throw unreadable(path, 'all that is to be read of it is too large')
      found.set(path.replace(/^(?:\.\/)+/, ''), await content(bytes, size, path))
    } else if (!(await bytes.skip(padded(size)))) throw unreadable(path, 'it ends in the middle')
  }
}

const padded = (size: number): number => Math.ceil(size / block) * block

const content = async (bytes: ByteReader, size: number, path: string): Promise<Buffer> => {
  if (size > limits.file) throw unreadable(path, `it has ${size} bytes`)
  const taken = await bytes.take(padded(size))
  if (taken === null) throw unreadable(path, 'it ends in the middle')
  return taken.subarray(0, size)
}

type Header = Readonly<{ name: string; size: number; type: string }>

const readHeader = (header: Buffer): Header => {
  const text = (from: number, length: number): string =>
    header.toString('utf8', from, from + length).replace(/\0[^]*$/, '')
  const octal = (from: number, length: number): number => {
    const digits = text(from, length).trim()
    return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : NaN
  }
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
  const size = octal(124, 12)
  if (sum !== octal(148, 8) || Number.isNaN(size))
    throw unreadable('archive', 'this is not a tar file')
  const prefix = text(257, 5) === 'ustar' && header[262] === 0 ? text(345, 155) : ''
  const name = text(0, 100)
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size,
    type: String.fromCharCode(header[156] ?? 0),
  }
}

/** The name that an entry gives to the next one: all of it, or a record of a pax header. */
const nameIn = (type: 'L' | 'x', text: string): string | null =>
  type === 'L'
    ? text.replace(/\0[^]*$/, '')
    : (/(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1] ?? null)

const refuseUnsafe = (path: string, type: string): void => {
  if (path.startsWith('/') || path.includes('\0') || path.split('/').includes('..'))
    throw unreadable(JSON.stringify(path), 'this path leads out of it')
  if (!files.includes(type) && type !== '5')
    throw unreadable(JSON.stringify(path), 'it is a link or a device, which no must-gather needs')
}
