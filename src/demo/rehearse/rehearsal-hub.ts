import posix from 'node:path/posix'
import { z } from 'zod'
import { applicationSpec, sourcesOf } from '../../core/application/application-spec.ts'
import { defaults } from '../../core/settings/defaults.ts'
import type { StoredObject } from '../../sandbox/kubernetes/object-store.ts'

const named = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.looseObject({}).default({}),
})
const automatedPolicy = z.looseObject({ automated: z.looseObject({}) })
const projectSpec = z.looseObject({ sourceRepos: z.array(z.string()).default([]) })
const argoCd = 'argoproj.io/v1alpha1'

/** The repository that a rehearsal plays. */
export type Played = Readonly<{
  /** The YAML documents of its files. */
  documents: readonly unknown[]
  isDirectory: (path: string) => boolean
  roots: readonly string[]
  /** The directory of the SealedSecret. */
  place: string
  /** The branch that is checked out there; the sandbox serves it as `main`. */
  branch: string
  /** Argo CD's URL of the copy. */
  gitUrl: string
}>

/** The Argo CD of a rehearsal, and what it had to be given that the repository does not say. */
export type RehearsalHub = Readonly<{
  /** The Applications; each syncs by itself at first, as they have long done on your hub. */
  applications: readonly StoredObject[]
  projects: readonly StoredObject[]
  /** The sync policies that the Applications give themselves, by name. */
  policies: ReadonlyMap<string, unknown>
  namespaces: readonly string[]
  notes: readonly string[]
}>

const metadataIn = ({ metadata }: z.infer<typeof named>): StoredObject['metadata'] => ({
  name: metadata.name,
  namespace: defaults.argocdNamespace,
  ...(metadata.labels && { labels: metadata.labels }),
  ...(metadata.annotations && { annotations: metadata.annotations }),
})

/**
 * Makes Argo CD's objects from the Applications and AppProjects of a repository, pointed at the copy that is served. An
 * Application counts where it renders a directory of the repository; one is made up for each root without any.
 */
export const rehearsalHub = (played: Played): RehearsalHub => {
  const objects = played.documents.flatMap(document => {
    const { data } = named.safeParse(document)
    return data?.apiVersion === argoCd ? [data] : []
  })
  const urls = new Set<string>()
  const found = new Map<string, StoredObject>()
  for (const object of objects) {
    const spec = object.kind === 'Application' ? applicationSpec.safeParse(object.spec) : null
    const ours = spec?.success ? sourcesOf(spec.data).filter(source => isOurs(source, played)) : []
    if (ours.length === 0) continue
    for (const { repoURL } of ours) urls.add(repoURL)
    found.set(object.metadata.name, {
      ...{ apiVersion: argoCd, kind: 'Application', metadata: metadataIn(object) },
      spec: servedSpec(object.spec, played),
    })
  }
  const rendered = [...found.values()].flatMap(pathsOf)
  const without = [...played.roots, played.place].filter(path => !rendered.includes(path))
  const applications = [...found.values(), ...without.map(path => madeUp(path, played))]
  const policies = new Map(
    applications.map(object => [object.metadata.name, policyOf(object['spec'])] as const),
  )
  const given = objects.filter(({ kind }) => kind === 'AppProject')
  const wanted = new Set(applications.map(({ spec }) => specOf(spec).project || 'default'))
  const missing = [...wanted].filter(name => !given.some(({ metadata }) => metadata.name === name))
  return {
    applications: applications.map(object => ({
      ...object,
      spec: { ...specOf(object['spec']), syncPolicy: syncing(policyOf(object['spec'])) },
    })),
    policies,
    projects: [
      ...given
        .filter(({ metadata }) => wanted.has(metadata.name))
        .map(object => servedProject(object, urls, played.gitUrl)),
      ...missing.map(anyProject),
    ],
    namespaces: [
      ...new Set(
        applications
          .map(({ spec }) => specOf(spec).destination?.namespace ?? '')
          .filter(name => name !== ''),
      ),
    ],
    notes: [
      ...without.map(path => `no Application in the repository renders ${path}: one is made up`),
      // Argo CD itself makes the other one.
      ...missing
        .filter(name => name !== 'default')
        .map(name => `no file has the AppProject ${name}: one that permits all is made up`),
    ],
  }
}

const specOf = (spec: unknown): z.infer<typeof applicationSpec> => applicationSpec.parse(spec)
const policyOf = (spec: unknown): unknown => specOf(spec).syncPolicy
const pathsOf = ({ spec }: StoredObject): readonly string[] =>
  sourcesOf(specOf(spec)).map(({ path = '' }) => posix.join('.', path, '.'))

const isOurs = ({ path = '' }: Readonly<{ path?: string | undefined }>, played: Played): boolean =>
  path !== '' && played.isDirectory(posix.join('.', path, '.'))

const servedSpec = (
  spec: Readonly<Record<string, unknown>>,
  played: Played,
): Readonly<Record<string, unknown>> => {
  const serve = (source: z.infer<typeof applicationSpec>['source']): unknown =>
    source && isOurs(source, played)
      ? {
          ...source,
          repoURL: played.gitUrl,
          targetRevision: ['', 'HEAD', played.branch].includes(source.targetRevision)
            ? 'main'
            : source.targetRevision,
        }
      : source
  const { source, sources } = specOf(spec)
  return {
    ...spec,
    ...(source ? { source: serve(source) } : {}),
    ...(sources ? { sources: sources.map(serve) } : {}),
  }
}

/** Argo CD syncs by itself, so that the hub gets what it has long had; the rest of the policy is kept. */
const syncing = (policy: unknown): object => ({
  ...z.looseObject({}).catch({}).parse(policy),
  automated: automatedPolicy.safeParse(policy).data?.automated ?? {},
})

const madeUp = (path: string, { gitUrl }: Played): StoredObject => ({
  apiVersion: argoCd,
  kind: 'Application',
  metadata: {
    name: `rehearsal-${path.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`,
    namespace: defaults.argocdNamespace,
  },
  spec: {
    project: 'default',
    source: { repoURL: gitUrl, targetRevision: 'main', path },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
    // As ZTP's own Applications say.
    syncPolicy: {
      automated: { prune: true },
      syncOptions: ['PrunePropagationPolicy=background'],
    },
  },
})

const servedProject = (
  object: z.infer<typeof named>,
  urls: ReadonlySet<string>,
  gitUrl: string,
): StoredObject => {
  const spec = projectSpec.parse(object.spec)
  const sourceRepos = spec.sourceRepos.map(url => (urls.has(url) ? gitUrl : url))
  return {
    ...{ apiVersion: argoCd, kind: 'AppProject', metadata: metadataIn(object) },
    spec: { ...spec, sourceRepos },
  }
}

const anyProject = (name: string): StoredObject => ({
  ...{ apiVersion: argoCd, kind: 'AppProject' },
  metadata: { name, namespace: defaults.argocdNamespace },
  spec: {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  },
})
