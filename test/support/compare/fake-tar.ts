/** An entry of a tar; `type` as in its header. */
export type TarEntry = Readonly<{
  name: string
  content?: string | Uint8Array
  type?: string
  size?: number
}>

/** The bytes of a tar, for what no tar program would write. */
export const fakeTar = (entries: readonly TarEntry[]): Buffer =>
  Buffer.concat([...entries.flatMap(partsOf), Buffer.alloc(1024)])

const partsOf = ({ name, content = '', type = '0', size }: TarEntry): readonly Buffer[] => {
  const bytes = Buffer.from(content)
  const header = Buffer.alloc(512)
  const slash = name.length > 100 ? name.lastIndexOf('/') : -1
  header.write(name.slice(slash + 1), 0)
  header.write('0000644\0', 100)
  header.write(`${(size ?? bytes.length).toString(8).padStart(11, '0')}\0`, 124)
  header.write(type, 156)
  header.write('ustar\x0000', 257)
  if (slash > 0) header.write(name.slice(0, slash), 345)
  header.write('        ', 148)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
}
