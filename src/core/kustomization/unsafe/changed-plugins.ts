import { RefusedError } from '../../../errors.ts'
import { textAt } from '../../repository-tree.ts'
import { mayHide } from '../../yaml/may-hide.ts'
import { unreadableText } from '../../yaml/unreadable-text.ts'
import { pathOf } from '../follow-entry.ts'
import { referencesOf } from '../references-of.ts'
import type { RepositoryView } from '../repository-view.ts'
import { setsFields } from '../sets-fields.ts'
import type { Reached } from '../walk.ts'

/** True if a text may configure one of kustomize's own plugins, which load what they name. */
const mayConfigure = (text: string): boolean => text.includes('builtin') || mayHide(text)

/**
 * Why a text that may configure a builtin plugin hides what that loads: kustomize may read it otherwise than Sower.
 * `at` is the file, and `isWhole` says that the text is all of it, so that its lines count.
 */
export const unreadablePlugin = (
  text: string,
  { file, isWhole }: Readonly<{ file: string; isWhole: boolean }>,
): readonly RefusedError[] => {
  const wrong = mayConfigure(text) ? unreadableText(text) : undefined
  if (!wrong) return []
  const place = isWhole ? `${file}:${wrong.line}` : file
  const reason = `reading ${place}: it may configure a plugin, and Sower cannot read it as kustomize does: ${wrong.reason}`
  const fix =
    'write that line so that every YAML reader takes it: closing quotes and brackets deeper than their key, a space before `#`'
  return [new RefusedError('ENTRY_UNREADABLE', reason, { fix })]
}

/**
 * Why a directory of plugins hides what these load: its kustomization changes them before they run, and one of
 * them is builtin, or may become so.
 */
export const changedPlugins = (
  view: RepositoryView,
  { directory, kustomization, targets }: Reached,
): readonly RefusedError[] => {
  const change = setsFields(kustomization)
  if (change === undefined) return []
  const named = referencesOf(kustomization).map(({ value }) => pathOf(directory, value))
  const files = [...targets.filter(({ kind }) => kind === 'file').map(({ path }) => path), ...named]
  const texts = [
    kustomization.text,
    ...files.flatMap(path =>
      path !== null && view.entry(path) === 'file' ? [textAt(view, path)] : [],
    ),
  ]
  // A patch says the word; the others may make it of parts.
  if (change.startsWith('patches') && !texts.some(mayConfigure)) return []
  const reason = `reading ${kustomization.path}: its ${change} may change the plugins of that directory, so that only a render tells what these load`
  const fix = `write the plugins as they are meant to be, without ${change}`
  return [new RefusedError('ENTRY_UNREADABLE', reason, { fix })]
}
