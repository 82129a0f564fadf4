import posix from 'node:path/posix'
import { InputError, RefusedError } from '../../errors.ts'
import { clusterName } from '../cluster/cluster-name.ts'
import { kustomizationNames } from '../kustomization/every-path.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import type { Configuration } from '../settings/configuration.ts'
import { defaults } from '../settings/defaults.ts'
import { initFiles, type Content, type Setting } from './init-files.ts'
import { readLayout, type Layout } from './read-layout.ts'

/** The values that a person gives, each null or empty where nothing was given. */
export type Asked = Readonly<{
  seeds: readonly string[]
  image: string | null
  /** How Argo CD reaches the repository. */
  repoURL: string | null
  /** The remote of the clone, without a credential. */
  remote: string | null
  branch: string | null
  namespace: string
}>

/** A file of the plan. `new`: it is written; the others are left as they are. */
export type PlannedFile = Readonly<{
  path: string
  state: 'new' | 'same' | 'differs' | 'taken'
  content: string
}>

export type InitPlan = Readonly<{ files: readonly PlannedFile[]; notes: readonly string[] }>

/**
 * Plans what `sower init` writes to a repository; nothing that is there is changed. `config` is that of a sower.yaml
 * that is there already. Throws InputError ARGUMENT_INVALID where something has to be said, RefusedError
 * CLUSTER_NOT_FOUND or NOT_A_SEED for a seed that is none here.
 */
export const planInit = (
  view: RepositoryView,
  config: Configuration | null,
  asked: Asked,
): InitPlan => {
  const layout = readLayout(view, config?.roots ?? [])
  const seeds = seedsOf(layout, config, asked)
  const secret = config?.secret ?? { ...defaults.secret }
  const place = posix.dirname(secret.file)
  const bringing = layout.applications.find(
    ({ path, file }) => path === place && posix.dirname(file) !== initFiles.hubDirectory,
  )
  const setting: Setting = {
    ...{ seeds, roots: layout.roots, image: asked.image, secret, namespace: asked.namespace },
    argocdNamespace: config?.argocd.namespace ?? namespaceOf(layout),
    repoURL: urlOf(layout, place, asked),
    branch: asked.branch ?? branchOf(layout),
  }
  const planned = (files: readonly Content[]): readonly PlannedFile[] =>
    files.map(file => ({ ...file, state: stateOf(view, file) }))
  const beside = place === '.' ? [] : planned(initFiles.secret({ secret }))
  const files = [
    ...planned(config === null ? initFiles.configuration(setting) : []),
    // A namespace that a kustomization of others does not list would lie there in vain.
    ...(beside[0]?.state === 'new' ? beside : beside.filter(({ state }) => state !== 'new')),
    ...planned(initFiles.hub(setting, bringing !== undefined)),
  ]
  return {
    files,
    notes: [
      ...layout.notes,
      ...(bringing === undefined ? [] : [`${bringing.file} brings ${place} to the hub already`]),
      ...(place === '.'
        ? ['secret.file is at the top of the repository: give it a directory of its own']
        : []),
      ...files.flatMap(file => whyLeft(file, files)),
    ],
  }
}

const seedsOf = (
  { clusters, roots }: Layout,
  config: Configuration | null,
  { seeds }: Asked,
): readonly string[] => {
  const known = clusters.slice(0, 20).join(', ') + (clusters.length > 20 ? ', …' : '')
  if (roots.length === 0)
    throw new RefusedError(
      'CLUSTER_NOT_FOUND',
      'reading the repository: no kustomization of it lists a ClusterInstance or SiteConfig',
      { fix: 'run it in the repository of the clusters, or write sower.yaml by hand' },
    )
  const other = config === null ? undefined : seeds.find(seed => !config.seeds.includes(seed))
  if (config !== null && other !== undefined)
    throw new RefusedError(
      'NOT_A_SEED',
      `planning for ${other}: it is not among the seeds of the existing sower.yaml`,
      { fix: 'add it to `seeds` there; sower init changes no existing file' },
    )
  if (config !== null) return config.seeds
  if (seeds.length === 0)
    throw new InputError('ARGUMENT_INVALID', 'reading --seed: no seed cluster is named', {
      fix: `name each cluster that may be detached with --seed; clusters here: ${known}`,
    })
  const missing = seeds.find(seed => !clusters.includes(seed))
  if (missing !== undefined)
    throw new RefusedError(
      'CLUSTER_NOT_FOUND',
      `reading the repository: no file that ${roots.join(', ')} lists holds the cluster ${missing}`,
      { fix: `give its spec.clusterName; clusters here: ${known}` },
    )
  return [...new Set(seeds)]
}

const namespaceOf = ({ applications, roots }: Layout): string =>
  applications.find(({ path, namespace }) => clusterName.test(namespace) && roots.includes(path))
    ?.namespace ?? defaults.argocdNamespace

const urlOf = (
  { applications, roots }: Layout,
  place: string,
  { repoURL, remote }: Asked,
): string => {
  const url =
    repoURL ??
    applications.find(({ path }) => path === place || roots.includes(path))?.repoURL ??
    remote?.replace(/^(https?:\/\/)[^/]*@/i, '$1')
  if (url === undefined)
    throw new InputError(
      'ARGUMENT_INVALID',
      'reading --repo-url: neither an Application nor a remote says where this repository is',
      { fix: 'give the URL at which Argo CD reads it' },
    )
  // `git@` of SSH is not a credential; a user of HTTPS may be a token.
  if (/^https?:\/\/[^/]*@|\/\/[^/@]*:[^/]*@/i.test(url))
    throw new InputError(
      'ARGUMENT_INVALID',
      'reading the URL of the repository: it holds a user or a password',
      { fix: 'give it without them with --repo-url; Argo CD keeps credentials of its own' },
    )
  return url
}

const branchOf = ({ applications, roots }: Layout): string =>
  applications.find(
    ({ path, branch }) => roots.includes(path) && branch !== '' && branch !== 'HEAD',
  )?.branch ?? 'main'

const stateOf = (
  tree: RepositoryTree,
  { path, content }: Readonly<{ path: string; content: string }>,
): PlannedFile['state'] => {
  const kind = tree.entry(path)
  if (kind === 'file') return textAt(tree, path) === content ? 'same' : 'differs'
  // kustomize takes one of these names in a directory, and refuses two.
  const isDouble =
    kustomizationNames.includes(posix.basename(path)) &&
    kustomizationNames.some(name => tree.entry(posix.join(path, '..', name)) === 'file')
  if (isDouble) return 'differs'
  return kind === undefined && isFree(tree, posix.dirname(path)) ? 'new' : 'taken'
}

/** True if a directory is there, or could be made without following a link. */
const isFree = (tree: RepositoryTree, directory: string): boolean => {
  const kind = tree.entry(directory)
  return kind === 'directory' || (kind === undefined && isFree(tree, posix.dirname(directory)))
}

const whyLeft = (
  { path, state }: PlannedFile,
  files: readonly PlannedFile[],
): readonly string[] => {
  if (state === 'taken')
    return [`${path} lies behind a link, or is not a plain file: it is left alone`]
  if (state !== 'differs') return []
  if (path.endsWith('/seed-roles.yaml'))
    return [
      `${path} is not what \`sower rbac\` prints: write it again with \`sower rbac > ${path}\``,
    ]
  const added = files.filter(
    other => other.state === 'new' && posix.dirname(other.path) === posix.dirname(path),
  )
  return path.endsWith('/kustomization.yaml') && added.length > 0
    ? [`${path} is there: list in it ${added.map(({ path }) => posix.basename(path)).join(', ')}`]
    : []
}
