/** Events that were accepted and are not dealt with yet; they survive a crash. */
export type Inbox = Readonly<{
  /** Keeps an event; one with a key that was there before is dropped. */
  put: (event: Incoming) => void
  /** In the order of arrival. */
  waiting: () => readonly Waiting[]
  /** Keeps an event that could not be dealt with, with the time of the next try. */
  postpone: (event: Incoming, retry: Retry) => void
  done: (event: Incoming) => void
  /** Takes an event out of those that wait, and keeps it for a person to look at. */
  setAside: (event: Incoming) => void
}>

/** When an event is tried again, and why it was not dealt with. */
export type Retry = Readonly<{ at: string; reason: string }>

export type Waiting = Incoming &
  Readonly<{
    retry?: Retry | undefined
    /** When Sower first saw it, by our clock. */
    seen?: string | undefined
  }>

/** Something that happened on GitHub, verified and reduced to what Sower needs; it names no host. */
export type Incoming = Readonly<{
  /** What makes a second delivery the same: the comment, or the label on a head. */
  key: string
  pullRequest: number
  sender: string
  /** When it was written, by GitHub's clock. */
  at?: string | undefined
}> &
  Readonly<
    | { kind: 'label'; headSha: string }
    | {
        kind: 'comment'
        /** Null for the text of a review and for a description. */
        commentId: number | null
        body: string
        /** The head that it was written on, where GitHub says it. */
        headSha?: string | undefined
        /** Why it is answered and not obeyed: it was changed later, or stands on a line of code. */
        unread?: 'edited' | 'on-code' | undefined
      }
    | { kind: 'wake' }
  >
