import { RefusedError } from '../../errors.ts'
import { styleNear } from '../kustomization/commented-entries.ts'
import { listOf, type Kustomization } from '../kustomization/parse-kustomization.ts'
import type { ItemList } from '../kustomization/read-list.ts'
import { proveEdit } from './prove-edit.ts'
import { spliceBlockItem } from './splice-block-item.ts'
import { spliceFlowItem } from './splice-flow-item.ts'
import { applySplices, hunkOf, linesOf, type Splice } from '../yaml/splice.ts'
import type { Edit, EditMode } from './edit.ts'

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
  const { line, dash } = item
  const refuse = (reason: string): RefusedError =>
    new RefusedError('EDIT_UNSUPPORTED', `editing ${path}:${line}: ${reason}`, {
      fix: 'write the list with one entry a line, or edit the file by hand',
    })
  const style = styleNear(text, line, mode === 'comment-spaced' ? 'hash-space-dash' : 'hash-dash')
  const splices =
    dash === null
      ? spliceFlowItem({ text, list, item, mode, isJson: isFlow })
      : spliceBlockItem({ text, item, dash, mode, style, refuse })
  const emptied = list.items.length === 1
  const all = emptied && dash !== null ? [...splices, emptyKey(list)] : splices
  const edit: Edit = {
    path,
    key,
    text: applySplices(text, all),
    hunk: hunkOf(text, splices),
    line,
    emptied,
    style: dash === null ? 'flow' : mode === 'delete' ? 'deleted' : style,
    touchedLines: linesOf(text, all),
  }
  proveEdit({ kustomization, list, item, edit })
  return edit
}

/** Turns a key that a person left null into `key: []`. Throws RefusedError EDIT_NOT_PROVEN. */
export const repairNull = (kustomization: Kustomization, key: string): Edit => {
  const { path, text } = kustomization
  const list = listOf(kustomization, key)
  if (list?.style !== 'null')
    throw new RefusedError('EDIT_NOT_PROVEN', `editing ${path}: ${key} is not null`)
  const splices = [emptyKey(list)]
  const edit: Edit = {
    path,
    key,
    text: applySplices(text, splices),
    hunk: null,
    line: list.line,
    emptied: true,
    style: 'repaired',
    touchedLines: linesOf(text, splices),
  }
  proveEdit({ kustomization, list, item: null, edit })
  return edit
}

/** The text that a detach writes behind a key whose list has become empty. */
const emptyList = ' []'

/** Makes the key of a list without live items `key: []`, in front of its comment. */
const emptyKey = ({ afterKey, writtenNull }: ItemList<string>): Splice =>
  writtenNull === null
    ? { start: afterKey, end: afterKey, text: emptyList }
    : { ...writtenNull, text: emptyList.trimStart() }
