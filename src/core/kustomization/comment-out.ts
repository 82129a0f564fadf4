import { isDeepEqual } from './deep-equal.ts'
import { RefusedError } from '../../errors.ts'
import { styleNear, type CommentStyle } from './comment-style.ts'
import {
  parseKustomization,
  type Entry,
  type EntryList,
  type Kustomization,
} from './parse-kustomization.ts'

export type Edit = Readonly<{
  text: string
  /** The list lost its last live entry, so its key became `key: []`. */
  emptied: boolean
  style: CommentStyle
  /** Lines that differ, counted from 1; all others are the same bytes. */
  touchedLines: readonly number[]
}>

/**
 * Comments one entry out by inserting characters into the text; the last live entry also turns its key
 * into `key: []`, since kustomize from 5.1 on takes a null list for an empty kustomization
 * (types/kustomization.go:310-322).
 * Throws RefusedError EDIT_UNSUPPORTED where one line cannot carry the entry, and EDIT_NOT_PROVEN when
 * reading the result again does not give the old list less this entry: then nothing may be written.
 */
export const commentOut = (kustomization: Kustomization, entry: Entry): Edit => {
  const { path, text } = kustomization
  const list = kustomization.lists.find(({ key }) => key === entry.key)
  if (entry.dash === null || !list)
    throw unsupported(path, entry, 'the list is written in flow style ([a, b])')
  if (text.slice(entry.dash, entry.end).includes('\n'))
    throw unsupported(path, entry, 'the entry runs over several lines')
  const lineStart = text.lastIndexOf('\n', entry.dash) + 1
  if (text.slice(lineStart, entry.dash).trim() !== '')
    throw unsupported(path, entry, 'something else stands before the entry on its line')

  const style = styleNear(text, entry.line)
  const emptied = list.entries.length === 1
  const insertions = [
    {
      at: style === 'hash-first' ? lineStart : entry.dash,
      text: style === 'hash-space-dash' ? '# ' : '#',
    },
    ...(emptied ? [{ at: list.afterColon, text: ' []' }] : []),
  ]
  const edited = insert(text, insertions)
  const touchedLines = emptied ? [list.line, entry.line] : [entry.line]
  prove({ kustomization, list, entry, edited, touchedLines })
  return { text: edited, emptied, style, touchedLines }
}

const unsupported = (path: string, entry: Entry, reason: string): RefusedError =>
  new RefusedError('EDIT_UNSUPPORTED', `commenting out ${path}:${entry.line}: ${reason}`, {
    fix: 'write the list with one entry a line, or comment the entry out by hand',
  })

const insert = (
  text: string,
  insertions: readonly Readonly<{ at: number; text: string }>[],
): string =>
  [...insertions]
    .sort((a, b) => b.at - a.at)
    .reduce((result, { at, text: added }) => result.slice(0, at) + added + result.slice(at), text)

type ToProve = Readonly<{
  kustomization: Kustomization
  list: EntryList
  entry: Entry
  edited: string
  touchedLines: readonly number[]
}>

/** Reads the result again: the list less the entry, every other field equal, every other line the same. */
const prove = ({ kustomization, list, entry, edited, touchedLines }: ToProve): void => {
  const { path } = kustomization
  const wrong = (reason: string): RefusedError =>
    new RefusedError('EDIT_NOT_PROVEN', `checking the edit of ${path}:${entry.line}: ${reason}`, {
      fix: 'edit the file by hand',
    })
  const after = parseKustomization(path, edited)
  const wanted = list.entries.filter(other => other !== entry).map(({ value }) => value)
  const found = after.lists.find(({ key }) => key === entry.key)
  if (
    found?.style === 'null' ||
    !isDeepEqual(
      found?.entries.map(({ value }) => value),
      wanted,
    )
  )
    throw wrong('the list is not the old one less the entry')
  const others = (fields: Kustomization['fields']): unknown =>
    Object.entries(fields).filter(([name]) => name.toLowerCase() !== entry.key)
  if (!isDeepEqual(others(after.fields), others(kustomization.fields)))
    throw wrong('another field changed')
  const before = kustomization.text.split('\n')
  const lines = edited.split('\n')
  const isSame = (line: string, index: number): boolean =>
    touchedLines.includes(index + 1) || line === before[index]
  if (lines.length !== before.length || !lines.every(isSame)) throw wrong('another line changed')
}
