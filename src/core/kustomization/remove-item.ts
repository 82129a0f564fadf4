import { RefusedError } from '../../errors.ts'
import { styleNear, type CommentStyle } from './comment-style.ts'
import { isDeepEqual } from './deep-equal.ts'
import { emptyKey } from './empty-key.ts'
import {
  fieldsBeside,
  listOf,
  parseKustomization,
  type Kustomization,
} from './parse-kustomization.ts'
import type { Item, ItemList } from './read-list.ts'
import { spliceBlockItem } from './splice-block-item.ts'
import { spliceFlowItem } from './splice-flow-item.ts'
import { applySplices, hunkOf, type Hunk } from './splice.ts'
import { undoHunk } from './undo-hunk.ts'

/** Whether what leaves a list stays as a comment or goes. */
export type EditMode = 'comment' | 'delete'

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
  /** Lines of the old text that differ, counted from 1; all others are the same bytes. */
  touchedLines: readonly number[]
}>

/**
 * Takes one item out of a list of a kustomization by changing characters of its lines only: comments it out
 * in the file's own style, or deletes its lines. The last live item also turns the key into `key: []`, since
 * kustomize from 5.1 on takes a null list for an empty kustomization (types/kustomization.go:310-322).
 * Throws RefusedError EDIT_UNSUPPORTED where the item cannot leave alone, and EDIT_NOT_PROVEN when reading
 * the result again does not give the old file less the item: then nothing may be written.
 */
export const removeItem = (
  kustomization: Kustomization,
  { key, index, mode }: Readonly<{ key: string; index: number; mode: EditMode }>,
): Edit => {
  const { path, text, isFlow } = kustomization
  const list = listOf(kustomization, key)
  const item = list?.items[index]
  if (!list || !item)
    throw new RefusedError('EDIT_NOT_PROVEN', `editing ${path}: ${key} has no item ${index + 1}`)
  const style = styleNear(text, item.line)
  const refuse = (reason: string): RefusedError =>
    new RefusedError('EDIT_UNSUPPORTED', `editing ${path}:${item.line}: ${reason}`, {
      fix: 'write the list with one entry a line, or edit the file by hand',
    })
  const isBlock = list.style === 'block'
  const splices = isBlock
    ? spliceBlockItem({ text, item, mode, style, refuse })
    : spliceFlowItem({ text, list, item, mode: isFlow ? 'delete' : mode })
  const isLast = list.items.length === 1
  const keySplices = isBlock && isLast ? [emptyKey(list)] : []
  const edited = applySplices(text, [...splices, ...keySplices])
  const hunk = hunkOf(text, splices)
  const lines = linesOf(hunk)
  const edit: Edit = {
    path,
    key,
    text: edited,
    hunk,
    line: item.line,
    emptied: isLast,
    style: !isBlock ? 'flow' : mode === 'delete' ? 'deleted' : style,
    touchedLines: keySplices.length > 0 ? [list.line, ...lines] : lines,
  }
  prove({ kustomization, list, item, edit })
  return edit
}

/** Turns a key that a person left null into `key: []`. Throws RefusedError EDIT_NOT_PROVEN. */
export const repairNull = (kustomization: Kustomization, key: string): Edit => {
  const { path, text } = kustomization
  const list = listOf(kustomization, key)
  if (list?.style !== 'null')
    throw new RefusedError('EDIT_NOT_PROVEN', `editing ${path}: ${key} is not null`)
  const edit: Edit = {
    path,
    key,
    text: applySplices(text, [emptyKey(list)]),
    hunk: null,
    line: list.line,
    emptied: true,
    style: 'repaired',
    touchedLines: [list.line],
  }
  prove({ kustomization, list, item: null, edit })
  return edit
}

const linesOf = ({ line, before }: Hunk): readonly number[] =>
  before
    .replace(/\n$/, '')
    .split('\n')
    .map((_, index) => line + index)

type ToProve = Readonly<{
  kustomization: Kustomization
  list: ItemList<string>
  item: Item | null
  edit: Edit
}>

/** Reads the result again: the list less the item, every other field equal, and the way back is exact. */
const prove = ({ kustomization, list, item, edit }: ToProve): void => {
  const { path, text } = kustomization
  const { key, line, hunk } = edit
  const wrong = (reason: string): RefusedError =>
    new RefusedError('EDIT_NOT_PROVEN', `checking the edit of ${path}:${line}: ${reason}`, {
      fix:
        edit.style === 'deleted'
          ? 'leave out --delete: commenting the lines out may do'
          : 'edit the file by hand',
    })
  let after: Kustomization
  try {
    after = parseKustomization(path, edit.text)
  } catch {
    throw wrong(
      'the file cannot be read any more, as when something else refers to an anchor in it',
    )
  }
  const wanted = list.items.filter(other => other !== item).map(({ value }) => value)
  const found = listOf(after, key)
  if (
    !found ||
    found.style === 'null' ||
    !isDeepEqual(
      found.items.map(({ value }) => value),
      wanted,
    )
  )
    throw wrong('the list is not the old one less the item')
  if (!isDeepEqual(fieldsBeside(key, after), fieldsBeside(key, kustomization)))
    throw wrong('another field changed')
  // Restoring the lines gives the old bytes: no other line differs, and the edit can be undone.
  if (hunk && undoHunk(after, { key, hunk }) !== text) throw wrong('it could not be undone')
}
