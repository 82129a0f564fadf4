import { z } from 'zod'
import type { ObjectStore } from '../kubernetes/object-store.ts'
import { sourcesOf, type Application } from './application.ts'

const kinds = z.array(z.looseObject({ group: z.string(), kind: z.string() })).optional()

const projectSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    sourceRepos: z.array(z.string()).default([]),
    destinations: z
      .array(
        z.looseObject({
          server: z.string().optional(),
          name: z.string().optional(),
          namespace: z.string().default(''),
        }),
      )
      .default([]),
    clusterResourceWhitelist: kinds,
    clusterResourceBlacklist: kinds,
    namespaceResourceWhitelist: kinds,
    namespaceResourceBlacklist: kinds,
    syncWindows: z
      .array(
        z.looseObject({
          kind: z.string(),
          schedule: z.string(),
          applications: z.array(z.string()).default([]),
        }),
      )
      .nullish(),
  }),
})

/** An AppProject, reduced to its answers. */
export type Project = Readonly<{
  /** Why the Application itself is not permitted, or undefined. */
  refuses: (application: Application) => string | undefined
  /** True while a window keeps the Application from syncing by itself; of schedules only `* * * * *`, always, is known. */
  deniesAutoSync: (application: Application) => boolean
  permitsKind: (of: Readonly<{ group: string; kind: string; isClusterScoped: boolean }>) => boolean
  /** Why one object may not be applied, or undefined (argo-cd controller/sync.go:752-775). */
  refusesObject: (
    of: Readonly<{ group: string; kind: string; namespace: string | undefined }>,
  ) => string | undefined
}>

const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map(part => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('.*')}$`,
  ).test(text)

// Argo CD makes a project "default" that permits everything.
const defaultSpec: z.infer<typeof projectSchema>['spec'] = {
  sourceRepos: ['*'],
  destinations: [{ server: '*', namespace: '*' }],
  clusterResourceWhitelist: [{ group: '*', kind: '*' }],
}

/** Finds the AppProject of an Application; undefined when it does not exist. */
export const findProject = (store: ObjectStore, application: Application): Project | undefined => {
  const name = application.spec.project
  const found = store.get({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    namespace: application.metadata.namespace,
    name,
  })
  const spec =
    projectSchema.safeParse(found).data?.spec ?? (name === 'default' ? defaultSpec : undefined)
  if (!spec) return undefined

  const lists = (
    list: typeof spec.clusterResourceWhitelist,
    { group, kind }: Readonly<{ group: string; kind: string }>,
  ): boolean =>
    list?.some(entry => matches(entry.group, group) && matches(entry.kind, kind)) ?? false
  const permitsKind: Project['permitsKind'] = of =>
    of.isClusterScoped
      ? lists(spec.clusterResourceWhitelist, of) && !lists(spec.clusterResourceBlacklist, of)
      : (spec.namespaceResourceWhitelist === undefined ||
          lists(spec.namespaceResourceWhitelist, of)) &&
        !lists(spec.namespaceResourceBlacklist, of)
  const permitsNamespace = (namespace: string): boolean =>
    spec.destinations.some(
      entry =>
        matches(entry.namespace, namespace) &&
        (matches(entry.server ?? '', 'https://kubernetes.default.svc') ||
          matches(entry.name ?? '', 'in-cluster')),
    )
  return {
    refuses: application => {
      const { destination } = application.spec
      const foreign = sourcesOf(application).find(
        ({ repoURL }) => !spec.sourceRepos.some(pattern => matches(pattern, repoURL)),
      )
      if (foreign)
        return `application repo ${foreign.repoURL} is not permitted in project '${name}'`
      if (!permitsNamespace(destination.namespace))
        return `application destination server '${destination.server ?? destination.name ?? ''}' and namespace '${destination.namespace}' do not match any of the allowed destinations in project '${name}'`
      return undefined
    },
    deniesAutoSync: ({ metadata }) =>
      (spec.syncWindows ?? []).some(
        ({ kind, schedule, applications }) =>
          kind === 'deny' &&
          schedule === '* * * * *' &&
          applications.some(pattern => matches(pattern, metadata.name)),
      ),
    permitsKind,
    refusesObject: ({ group, kind, namespace }) => {
      if (!permitsKind({ group, kind, isClusterScoped: namespace === undefined }))
        return `resource ${group}:${kind} is not permitted in project ${name}`
      if (namespace !== undefined && !permitsNamespace(namespace))
        return `namespace ${namespace} is not permitted in project '${name}'`
      return undefined
    },
  }
}
