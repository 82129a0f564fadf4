import posix from 'node:path/posix'
import { applicationSpec, sourcesOf } from '../application/application-spec.ts'
import { defaultRoots } from '../cluster/default-roots.ts'
import { readDeclared } from '../compare/git/read-declared.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { field, textAt } from '../preflight/field.ts'
import { textAt as fileAt } from '../repository-tree.ts'
import { sizeLimits } from '../size-limits.ts'
import { documentsIn } from '../yaml/documents-in.ts'

/** An Application in a file of the repository, that renders one of its directories. */
export type FoundApplication = Readonly<{
  file: string
  namespace: string
  repoURL: string
  branch: string
  /** The directory that it renders. */
  path: string
}>

/** The clusters and Argo CD objects of a repository. */
export type Layout = Readonly<{
  applications: readonly FoundApplication[]
  /** The directories with clusters that Argo CD renders, as far as files say. */
  roots: readonly string[]
  clusters: readonly string[]
  notes: readonly string[]
}>

/**
 * Reads the layout of a repository. Roots are those that somebody `named`; else the paths of its Applications that bring
 * a cluster; else each kustomization with a cluster that no other one lists. Files count as they stand: a name that a
 * patch sets is not seen.
 */
export const readLayout = (view: RepositoryView, named: readonly string[]): Layout => {
  const applications = applicationsIn(view)
  const holds = (root: string): boolean => readDeclared(view, [root]).clusters.length > 0
  const rendered = [...new Set(applications.map(({ path }) => path))].filter(holds).sort()
  const byDefault = named.length + rendered.length > 0 ? null : defaultRoots(view)
  const roots = named.length > 0 ? named : (byDefault?.roots.filter(holds) ?? rendered)
  const clusters = readDeclared(view, roots).clusters.map(({ cluster }) => cluster)
  const without = roots.filter(root => !applications.some(({ path }) => path === root))
  return {
    ...{ applications, roots, clusters: [...new Set(clusters)].sort() },
    notes: [
      ...(byDefault?.warnings ?? []),
      ...without.map(
        root => `no Application in this repository renders ${root}; \`sower doctor\` asks the hub`,
      ),
    ],
  }
}

const applicationsIn = (view: RepositoryView): readonly FoundApplication[] =>
  view
    .paths()
    .filter(
      ({ path, kind }) =>
        kind === 'file' && /\.(?:ya?ml|json)$/.test(path) && view.size(path) <= sizeLimits.file,
    )
    .flatMap(({ path: file }) => {
      const text = fileAt(view, file)
      return text.includes('argoproj.io/') && text.includes('Application')
        ? documentsIn(text).flatMap(document => foundIn(view, document, file))
        : []
    })

const foundIn = (
  view: RepositoryView,
  document: unknown,
  file: string,
): readonly FoundApplication[] => {
  const isOurs =
    textAt(document, 'apiVersion').startsWith('argoproj.io/') &&
    textAt(document, 'kind') === 'Application'
  const spec = isOurs ? applicationSpec.safeParse(field(document, 'spec')) : null
  if (!spec?.success) return []
  return sourcesOf(spec.data).flatMap(({ path = '', repoURL, targetRevision }) => {
    const directory = posix.join('.', path, '.')
    if (path === '' || view.entry(directory) !== 'directory') return []
    const namespace = textAt(document, 'metadata', 'namespace')
    return { file, namespace, repoURL, branch: targetRevision, path: directory }
  })
}
