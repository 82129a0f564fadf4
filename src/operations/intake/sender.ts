import type { Check } from '../../core/preflight/check.ts'
import type { Permission } from '../../core/settings/roles.ts'

/** The person who asked for something, where, with which permission, and the key that makes a second delivery the same. */
export type Sender = Readonly<{
  key: string
  pullRequest: number
  sender: string
  permission: Permission
  /** When it was written, by GitHub's clock, and the head that it was written on; where GitHub says it. */
  at?: string | undefined
  headSha?: string | undefined
}>

/** The outcome: a text for the person who asked, or nothing to say. */
export type Answer = Readonly<{
  text: string
  code: string | null
  /** Shown below the text, a line each. */
  list?: readonly string[]
  /** Shown below the text, as in the report of a run. */
  checks?: readonly Check[]
  /** Shown below the text as it is: made by us, and clean. */
  markdown?: string
}> | null
