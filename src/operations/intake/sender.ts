import type { Permission } from '../ports/forge.ts'

/** Who asked for something, where, with which permission, and what makes a second delivery the same. */
export type Sender = Readonly<{
  key: string
  pullRequest: number
  sender: string
  permission: Permission
}>

/** What came of it: a text for the person who asked, or nothing to say. */
export type Answer = Readonly<{ text: string; code: string | null } | null>
