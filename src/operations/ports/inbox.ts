import type { Sha } from '../../core/run/run.ts'

/** Events that were accepted and are not dealt with yet; they survive a crash. */
export type Inbox = Readonly<{
  /** Keeps an event; one with a key that was there before is dropped. */
  put: (event: Incoming) => void
  /** True if an event with this key was put, dealt with or not. */
  knows: (key: string) => boolean
  /** In the order of arrival. */
  waiting: () => readonly Waiting[]
  /** Keeps an event that could not be dealt with, with the time of the next try. */
  postpone: (event: Incoming, retry: Retry) => void
  done: (event: Incoming) => void
  /**
   * Gives an event the key that it is known by everywhere; it then stands in place of one with that key that waits. False:
   * that one was dealt with, and so is this.
   */
  rename: (event: Incoming, key: string) => boolean
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
  /** The key that makes a second delivery the same: the comment, or the label on a head. */
  key: string
  pullRequest: number
  sender: string
  /** When it was written, by GitHub's clock. */
  at?: string | undefined
}> &
  Readonly<
    | {
        kind: 'label'
        headSha: string
        /** The part of the description that counts, as it was then; '' where none does. */
        described?: string | undefined
      }
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

/** Somebody on GitHub; an app of GitHub's is a Bot. */
export type Person = Readonly<{ login: string; type: string }>

/** Something that happened on a pull request, found by looking at GitHub. */
export type Happening = Readonly<{
  pullRequest: number
  /** When, by GitHub's clock. */
  at: string
}> &
  Readonly<
    | {
        what: 'comment'
        id: number
        by: Person
        body: string
        /** When it was last edited; null: it is what it was when it was written. */
        editedAt: string | null
        /** It has one of the reactions with which Sower answers. */
        isAnswered: boolean
      }
    | {
        what: 'review'
        id: number
        by: Person
        body: string
        state: string
        headSha: string | null
      }
    | { what: 'opened'; by: Person; body: string; headSha: string }
    | { what: 'label'; id: number; by: Person; label: string }
    | { what: 'change' }
  >

/** The happenings on GitHub, for those whom its webhooks do not reach. */
export type Feed = Readonly<{
  /**
   * Reads what happened since a time, oldest first. The same time asked for again costs nothing as long as nothing happens.
   * Throws UnavailableError GITHUB_FAILED without an answer, or when looking has used up its share of the hourly limit;
   * FailedError GITHUB_FAILED for GitHub's no.
   */
  since: (at: string) => Promise<readonly Happening[]>
}>

/** Remembers how far the feed was read, over restarts. */
export type Bookmark = Readonly<{ read: () => string | null; write: (at: string) => void }>

/** Somebody's word that a cluster is meant to come back, for one head of one pull request. */
export type Confirmation = Readonly<{
  /** The comment that says so. */
  key: string
  pullRequest: number
  cluster: string
  headSha: Sha
  by: string
}>

/** Keeps confirmations over restarts; the newest ones, where there are many. */
export type Confirmations = Readonly<{
  list: () => readonly Confirmation[]
  add: (confirmation: Confirmation) => void
}>
