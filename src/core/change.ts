/** One file to write, or to remove when the content is null. The path is relative to the repository. */
export type Change = Readonly<{ path: string; content: string | null }>
