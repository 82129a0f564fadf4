import type { CommentStyle } from '../kustomization/commented-entries.ts'
import type { Hunk } from '../yaml/splice.ts'

/**
 * The way an entry leaves a list: it stays as a comment, or goes. `comment-spaced` is a comment with a space behind `#` where the
 * file itself shows no style.
 */
export type EditMode = 'comment' | 'comment-spaced' | 'delete'

/** One edit of one kustomization file. */
export type Edit = Readonly<{
  path: string
  key: string
  /** The whole file after the edit. */
  text: string
  /** The lines of the item; null where only the key was repaired. */
  hunk: Hunk | null
  /** The line of the item, or of the key where only that was repaired. */
  line: number
  /** The list lost its last live item, so its key became `key: []`. */
  emptied: boolean
  style: CommentStyle | 'flow' | 'deleted' | 'repaired'
  /** The empty value that stood above the entries of a repaired list; null for `? key` without a colon. */
  wasEmpty?: string | null
  /** Lines of the old text that differ, counted from 1; all others are the same bytes. */
  touchedLines: readonly number[]
}>

/** The changes of removeItem to a list. */
export type ListChange = Readonly<{ key: string; hunk: Hunk }>
