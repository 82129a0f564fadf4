import { z } from 'zod'
import type { ObjectKey, ObjectStore, StoredObject } from '../kubernetes/object-store.ts'

/** OpenShift GitOps' own namespace; Applications elsewhere carry their namespace in their instance name. */
export const controlPlaneNamespace = 'openshift-gitops'

/** The entry of an operation or a comparison for one object. */
export const resourceSchema = z.looseObject({
  group: z.string().default(''),
  version: z.string().default(''),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  status: z.string().optional(),
  requiresPruning: z.boolean().optional(),
  message: z.string().optional(),
})

const retrySchema = z.looseObject({ limit: z.number().default(0) })

/** A requested sync, as the API server or the controller writes it into `operation`. */
export const operationSchema = z.looseObject({
  initiatedBy: z
    .looseObject({ username: z.string().optional(), automated: z.boolean().optional() })
    .optional(),
  sync: z.looseObject({
    revision: z.string().optional(),
    /** For an Application of several sources, in their order. */
    revisions: z.array(z.string()).optional(),
    prune: z.boolean().default(false),
    dryRun: z.boolean().default(false),
    resources: z.array(resourceSchema.omit({ version: true })).optional(),
    syncOptions: z.array(z.string()).optional(),
    autoHealAttemptsCount: z.number().optional(),
  }),
  retry: retrySchema.optional(),
})

const conditionSchema = z.looseObject({ type: z.string(), message: z.string() })

const operationStateSchema = z.looseObject({
  phase: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  message: z.string().optional(),
  retryCount: z.number().optional(),
  operation: operationSchema,
  syncResult: z
    .looseObject({
      revision: z.string().default(''),
      revisions: z.array(z.string()).optional(),
      resources: z.array(resourceSchema).default([]),
    })
    .optional(),
})

const statusSchema = z.looseObject({
  sync: z
    .looseObject({
      status: z.string(),
      revision: z.string().optional(),
      revisions: z.array(z.string()).optional(),
    })
    .optional(),
  resources: z.array(resourceSchema).optional(),
  conditions: z.array(conditionSchema).optional(),
  reconciledAt: z.string().optional(),
  operationState: operationStateSchema.optional(),
  history: z.array(z.looseObject({ id: z.number() })).optional(),
})

const parameterSchema = z.looseObject({
  name: z.string(),
  string: z.string().optional(),
  map: z.record(z.string(), z.string()).optional(),
  array: z.array(z.string()).optional(),
})

const sourceSchema = z.looseObject({
  repoURL: z.string(),
  /** A source without a path is there for its `ref` only. */
  path: z.string().optional(),
  ref: z.string().optional(),
  targetRevision: z.string().default(''),
  plugin: z
    .looseObject({
      name: z.string().optional(),
      env: z.array(z.looseObject({ name: z.string(), value: z.string() })).optional(),
      parameters: z.array(parameterSchema).optional(),
    })
    .optional(),
})

const specSchema = z
  .looseObject({
    project: z.string().default('default'),
    source: sourceSchema.optional(),
    sources: z.array(sourceSchema).default([]),
    destination: z.looseObject({
      server: z.string().optional(),
      name: z.string().optional(),
      namespace: z.string().default(''),
    }),
    syncPolicy: z
      .looseObject({
        automated: z
          .looseObject({
            enabled: z.boolean().default(true),
            prune: z.boolean().default(false),
            selfHeal: z.boolean().default(false),
            allowEmpty: z.boolean().default(false),
          })
          .optional(),
        syncOptions: z.array(z.string()).default([]),
        retry: retrySchema.optional(),
      })
      .optional(),
  })
  .refine(({ source, sources }) => source !== undefined || sources.length > 0)

const applicationSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string().default('') }),
  spec: specSchema,
  operation: operationSchema.optional(),
  status: statusSchema.default({}),
})

export type Application = z.infer<typeof applicationSchema>
export type ApplicationStatus = z.infer<typeof statusSchema>
export type Operation = z.infer<typeof operationSchema>
export type OperationState = z.infer<typeof operationStateSchema>
export type ResourceResult = z.infer<typeof resourceSchema>
export type Source = z.infer<typeof sourceSchema>
export type PluginParameter = z.infer<typeof parameterSchema>

/** Names one Application in the store. */
export const applicationKey = (of: Readonly<{ name: string; namespace: string }>): ObjectKey => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  ...of,
})

/** Reads an Application; undefined when it is none, or has no source. */
export const readApplication = (object: StoredObject | undefined): Application | undefined =>
  object?.kind === 'Application' && object.apiVersion === 'argoproj.io/v1alpha1'
    ? applicationSchema.safeParse(object).data
    : undefined

/** The name in tracking ids and ARGOCD_APP_NAME (argo-cd controller/state.go:401). */
export const instanceNameOf = ({ metadata: { name, namespace } }: Application): string =>
  namespace === controlPlaneNamespace ? name : `${namespace}_${name}`

/** True where `sources` counts, and `source` is ignored (argo-cd pkg/apis/application/v1alpha1/types.go, HasMultipleSources). */
export const hasSeveralSources = ({ spec }: Application): boolean => spec.sources.length > 0

/** The sources that an Application renders, in the order of its revisions. */
export const sourcesOf = (application: Application): readonly Source[] =>
  hasSeveralSources(application) ? application.spec.sources : [application.spec.source ?? []].flat()

/** `revision` of one source, `revisions` of several: the status of an Application has the one or the other. */
export const revisionFields = (
  application: Application,
  revisions: readonly string[],
): Readonly<{ revision?: string; revisions?: string[] }> =>
  hasSeveralSources(application)
    ? { revisions: [...revisions] }
    : revisions[0]
      ? { revision: revisions[0] }
      : {}

/** `source` of one source, `sources` of several. */
export const sourceFields = ({
  spec: { source, sources },
}: Application): Readonly<{ source?: Source; sources?: Source[] }> =>
  sources.length > 0 ? { sources } : source ? { source } : {}

/** The policy of automated syncs; undefined when it is off. */
export const automatedOf = (
  application: Application,
): Readonly<{ prune: boolean; selfHeal: boolean; allowEmpty: boolean }> | undefined => {
  const automated = application.spec.syncPolicy?.automated
  return automated?.enabled === true ? automated : undefined
}

/** Replaces the status of an Application by what `edit` makes of it. */
export const changeStatus = (
  store: ObjectStore,
  key: ObjectKey,
  edit: (status: ApplicationStatus) => ApplicationStatus,
): void => {
  store.change(key, object => {
    object['status'] = edit(readApplication(object)?.status ?? {})
  })
}
