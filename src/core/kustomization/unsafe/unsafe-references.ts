import posix from 'node:path/posix'
import { RefusedError, type ErrorCode } from '../../../errors.ts'
import { realPath, textAt, type RepositoryTree } from '../../repository-tree.ts'
import { withoutCredentials } from '../../without-credentials.ts'
import { changedPlugins, unreadablePlugin } from './changed-plugins.ts'
import { isInline, pathOf, isRemote } from '../follow-entry.ts'
import type { Kustomization } from '../parse-kustomization.ts'
import { pluginReferences, pluginsOf, referencesOf, type Reference } from '../references-of.ts'
import type { RepositoryView } from '../repository-view.ts'

/** About how many objects a YAML or JSON file holds, without parsing it. */
export const countObjects = (text: string): number =>
  text.match(/^(?:[ \t]*- )?apiVersion:|"apiVersion"\s*:/gm)?.length ?? 0

/** The contents of a file, whose paths count from `directory`. */
type Source = Readonly<{ file: string; text: string; directory: string }>

/**
 * Why a kustomization cannot be rendered safely, beside the entries of its lists of resources, generators
 * and components: each path that kustomize would load because of it and that is fetched from elsewhere,
 * leads out of the repository, is a symbolic link, or is not a plain file (a pipe would block for ever).
 * Directories under `transformers` and `validators`, and the configurations of builtin plugins, are looked
 * into; one that kustomize may read otherwise than Sower is refused, and so are plugins that a kustomization changes.
 */
export const unsafeReferences = (
  view: RepositoryView,
  kustomization: Kustomization,
): readonly RefusedError[] => {
  const refusals: RefusedError[] = []
  const changed: RefusedError[] = []
  const seen = new Set<string>()
  const open = [kustomization]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next.path)) continue
    seen.add(next.path)
    const directory = posix.dirname(next.path)
    const source: Source = { file: next.path, text: next.text, directory }
    const check = (references: readonly Reference[], from: Source): void => {
      refusals.push(...references.flatMap(reference => refuse(view, from, reference) ?? []))
    }
    const checkText = (text: string, name: string, from: Source): void => {
      refusals.push(...unreadablePlugin(text, { file: from.file, isWhole: from.text === text }))
      check(pluginReferences(text, name), from)
    }
    const checkPlugins = (path: string): void => {
      const text = textAt(view, path)
      checkText(text, '', { file: path, text, directory })
    }
    check(referencesOf(next), source)
    for (const { field, value } of pluginsOf(next)) {
      if (isInline(value)) checkText(value, field, source)
      const written =
        isInline(value) || isRemote(value, undefined) ? null : pathOf(directory, value)
      if (written === null) continue
      const path = realPath(view, written)
      if (view.entry(path) === 'file') checkPlugins(path)
      if (view.entry(path) !== 'directory') continue
      const { reached, troubles } = view.walk(path)
      changed.push(...reached.flatMap(place => changedPlugins(view, place)))
      for (const { targets } of reached)
        for (const target of targets) if (target.kind === 'file') checkPlugins(target.path)
      // The entries of generators are walked with the resources.
      if (/^generators/iu.test(field)) continue
      refusals.push(...troubles)
      open.push(...reached.map(place => place.kustomization))
    }
  }
  return [...new Map([...refusals, ...changed].map(refusal => [refusal.message, refusal])).values()]
}

const refuse = (
  tree: RepositoryTree,
  { file, text, directory }: Source,
  { field, kind, value: written }: Reference,
): RefusedError | null => {
  if (kind === 'file or YAML' && isInline(written)) return null
  const pathIn = (text: string): string =>
    kind === 'keyed file' ? text.replace(/^[^=]*=/, '') : text
  const value = pathIn(written)
  // Behind a key somebody may have written what is secret in place of a path to it.
  const isHidden = value !== written && !/^configmapgenerator/iu.test(field)
  const shown = isHidden ? written.replace(/=[^]*/, '=***') : pathIn(withoutCredentials(written))
  const refused = (code: ErrorCode, reason: string, fix: string): RefusedError =>
    new RefusedError(
      code,
      `reading ${file}${lineOf(text, written)}: ${shown} (${field}) ${reason}`,
      { fix },
    )
  const outside = 'name paths of this repository only'
  if (kind === 'word')
    return /^-|(?:^|\/)\.\.(?:\/|$)/.test(value)
      ? refused('ENTRY_OUTSIDE', 'would be an option or a path for helm', 'give it a plain name')
      : null
  if (kind === 'programs')
    return refused('ENTRY_OUTSIDE', 'lets helm run programs from there', 'remove the field')
  if (kind === 'host' || isRemote(value, undefined))
    return refused(
      'ENTRY_REMOTE',
      'is fetched from elsewhere',
      'copy it into this repository, or leave this root out of `roots` in sower.yaml',
    )
  const path = pathOf(directory, value)
  if (path === null) return refused('ENTRY_OUTSIDE', 'leads out of the repository', outside)
  const entry = tree.entry(realPath(tree, path))
  if (entry === 'symlink')
    return refused(
      'ENTRY_SYMLINK',
      'is a symbolic link, or lies behind one',
      'name the place that the link points to',
    )
  return entry === undefined && kind !== 'place'
    ? refused('ENTRY_MISSING', 'is not there, or is not a plain file', 'correct the path')
    : null
}

/** `:line` where the one line is that holds the value. */
const lineOf = (text: string, value: string): string => {
  const lines = text.split('\n').flatMap((line, index) => (line.includes(value) ? [index + 1] : []))
  return lines.length === 1 ? `:${lines.join('')}` : ''
}
