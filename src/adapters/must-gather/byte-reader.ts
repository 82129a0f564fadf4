/** Takes a stream of bytes in pieces of a wanted length. */
export type ByteReader = Readonly<{
  /** Resolves to exactly so many bytes; null at the end of the stream, also where it ends in the middle. */
  take: (length: number) => Promise<Buffer | null>
  /** Resolves to false where the stream ends before. */
  skip: (length: number) => Promise<boolean>
}>

/** Makes a reader of a stream; it holds no more than a chunk beyond what is asked for. */
export const byteReader = (source: AsyncIterable<Uint8Array>): ByteReader => {
  const chunks = source[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array()
  const more = async (): Promise<boolean> => {
    const next = await chunks.next()
    rest = next.done === true ? new Uint8Array() : next.value
    return next.done !== true
  }
  const parts = async (length: number, keep: (part: Uint8Array) => void): Promise<boolean> => {
    for (let left = length; left > 0;) {
      if (rest.length === 0 && !(await more())) return false
      const part = rest.subarray(0, left)
      keep(part)
      rest = rest.subarray(part.length)
      left -= part.length
    }
    return true
  }
  return {
    take: async length => {
      const taken: Uint8Array[] = []
      return (await parts(length, part => taken.push(part))) ? Buffer.concat(taken) : null
    },
    skip: length => parts(length, () => undefined),
  }
}
