/** The files of a must-gather, in a directory or taken out of an archive; paths have `/` and are relative to it. */
export type GatheredFiles = Readonly<{
  /** The names in a directory; none where it is not there. Throws InputError MUST_GATHER_UNREADABLE for a link. */
  list: (directory: string) => readonly string[]
  /** The bytes of a plain file, as they are stored; undefined where it is not there. Throws as `list`. */
  read: (path: string) => Uint8Array | undefined
}>
