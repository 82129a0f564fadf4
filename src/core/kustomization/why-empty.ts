import { isExplicitlyEmpty } from './is-explicitly-empty.ts'
import { kustomizationIn } from './kustomization-in.ts'
import type { RepositoryView } from './repository-view.ts'

/** The reason why a render without objects is refused, and what to do; both sentences without their full stop. */
type WhyEmpty = Readonly<{ file: string; reason: string; fix: string }>

/**
 * Explains why a directory that renders no object is not taken for one that shall render none; null where each list
 * says so. Throws RefusedError where an entry cannot be followed.
 */
export const whyEmpty = (view: RepositoryView, directory: string): WhyEmpty | null => {
  if (isExplicitlyEmpty(view, directory)) return null
  const { path: file } = kustomizationIn(view, directory)
  const files = listedFiles(view, directory)
  const reason = `the render of ${directory} holds no object, and`
  return files.length > 0
    ? {
        file,
        reason: `${reason} these files are listed: ${shown(files)}`,
        fix: 'put the objects into them, or take them out of the lists if nothing is meant to be there',
      }
    : {
        file,
        reason: `${reason} no list says that this is intended`,
        fix: 'write `resources: []` if nothing is meant to be there',
      }
}

const most = 10

const shown = (files: readonly string[]): string =>
  files.length > most
    ? `${files.slice(0, most).join(', ')} and ${files.length - most} more`
    : files.join(', ')

const listedFiles = (view: RepositoryView, directory: string): readonly string[] =>
  view
    .walk(directory)
    .reached.flatMap(({ targets }) => targets)
    .flatMap(({ kind, path }) => (kind === 'file' ? [path] : []))
