/** The meaning of a text of the Lifecycle Agent, by its beginning; the longest beginning that fits counts. */
export type AgentText = Readonly<{
  begins: string
  /**
   * 'rejected': nothing was changed and no imager ran. 'before-imager': it failed while it prepared. 'imager': the imager
   * ran or was to run, and may have pushed.
   */
  kind: 'rejected' | 'before-imager' | 'imager'
  cause: string
  fix: string
}>
