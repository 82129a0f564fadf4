import { z } from 'zod'

// What it reports is read as far as it can be: nothing that Argo CD says may stop a run.
const text = z.string().default('').catch('')
const maybe = z.string().nullable().default(null).catch(null)
const resource = z.looseObject({
  kind: text,
  namespace: text,
  name: text,
  status: text,
  message: text,
  requiresPruning: z.boolean().default(false).catch(false),
})
const resources = z.array(resource).default([]).catch([])
const applicationStatus = z
  .looseObject({
    sync: z
      .looseObject({
        status: text,
        revision: text,
        revisions: z.array(z.string()).default([]).catch([]),
      })
      .prefault({})
      .catch({ status: '', revision: '', revisions: [] }),
    health: z.looseObject({ status: text }).optional().catch(undefined),
    reconciledAt: maybe,
    operationState: z
      .looseObject({
        phase: text,
        message: text,
        startedAt: maybe,
        finishedAt: maybe,
        retryCount: z.number().default(0).catch(0),
        syncResult: z.looseObject({ resources }).optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
    conditions: z
      .array(z.looseObject({ type: text, message: text, lastTransitionTime: maybe }))
      .default([])
      .catch([]),
    resources,
  })
  .prefault({})

type Resource = Readonly<
  Pick<
    z.infer<typeof resource>,
    'kind' | 'namespace' | 'name' | 'status' | 'message' | 'requiresPruning'
  >
>

/** The state of an Application as Argo CD last wrote it. */
export type ApplicationStatus = Readonly<{
  sync: string
  revision: string
  /** One for each of several sources; empty where there is one. */
  revisions: readonly string[]
  reconciledAt: string | null
  /** The last operation or the one under way; `Running` with `finishedAt` waits for a retry (appcontroller.go:1683). */
  operation: Readonly<{
    phase: string
    message: string
    startedAt: string | null
    finishedAt: string | null
    retryCount: number
    resources: readonly Resource[]
  }> | null
  conditions: readonly Readonly<{
    type: string
    message: string
    lastTransitionTime: string | null
  }>[]
  resources: readonly Resource[]
}>

const instances = (all: readonly Resource[] = []): readonly Resource[] =>
  all
    .filter(({ kind }) => kind === 'ClusterInstance')
    .map(({ kind, namespace, name, status, message, requiresPruning }) => ({
      ...{ kind, namespace, name, status, message, requiresPruning },
    }))

/** Reads the status of an Application, as far as it has the shape that Argo CD writes. */
export const readApplicationStatus = (status: unknown): ApplicationStatus => {
  const { sync, reconciledAt, operationState, conditions, resources } =
    applicationStatus.safeParse(status).data ?? applicationStatus.parse({})
  return {
    sync: sync.status,
    revision: sync.revision,
    revisions: sync.revisions,
    reconciledAt,
    operation: operationState
      ? {
          phase: operationState.phase,
          message: operationState.message,
          startedAt: operationState.startedAt,
          finishedAt: operationState.finishedAt,
          retryCount: operationState.retryCount,
          resources: instances(operationState.syncResult?.resources),
        }
      : null,
    conditions: conditions.map(({ type, message, lastTransitionTime }) => ({
      ...{ type, message, lastTransitionTime },
    })),
    resources: instances(resources),
  }
}
