import { z } from 'zod'
import type { ObjectKey, ObjectStore, StoredObject } from '../kubernetes/object-store.ts'

/** OpenShift GitOps' own namespace; Applications elsewhere carry their namespace in their instance name. */
export const controlPlaneNamespace = 'openshift-gitops'

/** What an operation or a comparison says of one object. */
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

/** A requested sync, as the API server or the controller writes it into `operation`. */
export const operationSchema = z.looseObject({
  initiatedBy: z
    .looseObject({ username: z.string().optional(), automated: z.boolean().optional() })
    .optional(),
  sync: z.looseObject({
    revision: z.string().optional(),
    prune: z.boolean().default(false),
    dryRun: z.boolean().default(false),
    resources: z.array(resourceSchema.omit({ version: true })).optional(),
    syncOptions: z.array(z.string()).optional(),
    selfHealAttemptsCount: z.number().optional(),
  }),
})

const conditionSchema = z.looseObject({ type: z.string(), message: z.string() })

const operationStateSchema = z.looseObject({
  phase: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  message: z.string().optional(),
  operation: operationSchema,
  syncResult: z
    .looseObject({ revision: z.string(), resources: z.array(resourceSchema).default([]) })
    .optional(),
})

const statusSchema = z.looseObject({
  sync: z.looseObject({ status: z.string(), revision: z.string().optional() }).optional(),
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

const applicationSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string().default('') }),
  spec: z.looseObject({
    project: z.string().default('default'),
    source: z.looseObject({
      repoURL: z.string(),
      path: z.string().default('.'),
      targetRevision: z.string().default(''),
      plugin: z
        .looseObject({
          name: z.string().optional(),
          env: z.array(z.looseObject({ name: z.string(), value: z.string() })).default([]),
          parameters: z.array(parameterSchema).default([]),
        })
        .optional(),
    }),
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
      })
      .optional(),
  }),
  operation: operationSchema.optional(),
  status: statusSchema.default({}),
})

export type Application = z.infer<typeof applicationSchema>
export type ApplicationStatus = z.infer<typeof statusSchema>
export type Operation = z.infer<typeof operationSchema>
export type OperationState = z.infer<typeof operationStateSchema>
export type ResourceResult = z.infer<typeof resourceSchema>
export type PluginParameter = z.infer<typeof parameterSchema>

/** Names one Application in the store. */
export const applicationKey = (of: Readonly<{ name: string; namespace: string }>): ObjectKey => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  ...of,
})

/** Reads an Application; undefined when it is none, or has no single source. */
export const readApplication = (object: StoredObject | undefined): Application | undefined =>
  object?.kind === 'Application' && object.apiVersion === 'argoproj.io/v1alpha1'
    ? applicationSchema.safeParse(object).data
    : undefined

/** The name in tracking ids and ARGOCD_APP_NAME (argo-cd controller/state.go:401). */
export const instanceNameOf = ({ metadata: { name, namespace } }: Application): string =>
  namespace === controlPlaneNamespace ? name : `${namespace}_${name}`

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
