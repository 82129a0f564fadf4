import { createServer, type IncomingMessage } from 'node:http'
import { z } from 'zod'
import { timestampOf } from '../../kubernetes/timestamp-of.ts'
import type { Controller, World } from '../../world.ts'
import {
  applicationKey,
  automatedOf,
  hasSeveralSources,
  controlPlaneNamespace,
  operationSchema,
  readApplication,
  revisionFields,
  sourceFields,
  type Application,
} from '../application.ts'
import { refreshAnnotation } from '../refresh-application.ts'
import { readBody } from './read-body.ts'
import { canI } from './can-i.ts'
import { createRbac, rbacName, type ApplicationAction, type ArgoCdAccounts } from './create-rbac.ts'
import { messageOf } from '../../../errors.ts'

type Answer = Readonly<{ status: number; body: unknown }>

// grpc-gateway's mapping of gRPC codes to HTTP.
const httpOf = {
  notFound: 404,
  permissionDenied: 403,
  failedPrecondition: 400,
  unauthenticated: 401,
  invalidArgument: 400,
} as const
const codeOf = {
  notFound: 5,
  permissionDenied: 7,
  failedPrecondition: 9,
  unauthenticated: 16,
  invalidArgument: 3,
} as const

const refusal = (kind: keyof typeof codeOf, message: string): Answer => ({
  status: httpOf[kind],
  body: { error: message, code: codeOf[kind], message },
})

const syncBodySchema = z.looseObject({
  revision: z.string().optional(),
  prune: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  resources: z
    .array(
      z.looseObject({
        group: z.string().default(''),
        kind: z.string(),
        name: z.string(),
        namespace: z.string().optional(),
      }),
    )
    .optional(),
  syncOptions: z.looseObject({ items: z.array(z.string()).default([]) }).optional(),
  retryStrategy: z.looseObject({ limit: z.number().default(0) }).optional(),
  infos: z.array(z.unknown()).optional(),
  appNamespace: z.string().optional(),
  project: z.string().optional(),
})

/** Starts the part of Argo CD's REST API that callers need, on a free port of 127.0.0.1. */
export const startArgoCdApi = async (
  { hub, clock, tell }: World,
  {
    accounts,
    tipsOf,
  }: Readonly<{
    accounts: ArgoCdAccounts
    tipsOf: (application: Application) => Promise<readonly (string | undefined)[]>
  }>,
): Promise<Controller & Readonly<{ url: string }>> => {
  const rbacOf = createRbac({ accounts, hub }, clock)
  let isStopped = false

  const refresh = async (application: Application, level: string): Promise<void> => {
    const key = applicationKey(application.metadata)
    hub.change(key, object => {
      object.metadata.annotations = {
        ...object.metadata.annotations,
        [refreshAnnotation]: level === 'hard' ? 'hard' : 'normal',
      }
    })
    // The call blocks until the controller has consumed the annotation (server/application/application.go:780-896).
    await new Promise<void>(resolve => {
      const isConsumed = (): boolean =>
        hub.get(key)?.metadata.annotations?.[refreshAnnotation] === undefined
      const unwatch = hub.watch(() => {
        if (!isConsumed() && !isStopped) return
        unwatch()
        resolve()
      })
    })
  }

  const sync = async (
    application: Application,
    { body, username }: Readonly<{ body: unknown; username: string }>,
  ): Promise<Answer> => {
    const parsed = syncBodySchema.safeParse(body)
    if (!parsed.success) return refusal('invalidArgument', 'invalid sync request')
    const { revision, prune, dryRun, resources, syncOptions, retryStrategy, infos } = parsed.data
    const isSeveral = hasSeveralSources(application)
    const target = application.spec.source?.targetRevision || 'HEAD'
    if (automatedOf(application) && !dryRun && !isSeveral && revision && revision !== target)
      return refusal(
        'failedPrecondition',
        `Cannot sync to ${revision}: auto-sync currently set to ${target}`,
      )
    const tips = revision && !isSeveral ? [revision] : await tipsOf(application)
    const resolved = tips.flatMap(tip => tip ?? [])
    const { syncPolicy } = application.spec
    const options = syncOptions?.items ?? syncPolicy?.syncOptions ?? []
    const key = applicationKey(application.metadata)
    const now = readApplication(hub.get(key))
    if (now?.operation || now?.status.operationState?.phase === 'Running')
      return refusal('failedPrecondition', 'another operation is already in progress')
    const changed = hub.change(key, object => {
      object['operation'] = operationSchema.parse({
        initiatedBy: { username },
        ...(infos ? { info: infos } : {}),
        // The Application's own, where the request has none (server/application/application.go, Sync).
        retry: retryStrategy ?? syncPolicy?.retry ?? {},
        sync: {
          ...revisionFields(application, resolved),
          ...sourceFields(application),
          prune,
          dryRun,
          ...(resources ? { resources } : {}),
          ...(options.length > 0 ? { syncOptions: options } : {}),
        },
      })
      const { operationState, ...status } = readApplication(object)?.status ?? {}
      if (operationState) object['status'] = status
    })
    tell('argocd', `took a request to sync ${key.name}${prune ? ' with prune' : ''}`, {
      application: key.name,
      prune,
      resources,
      at: timestampOf(clock.now()),
    })
    return { status: 200, body: changed }
  }

  const terminate = (application: Application): Answer => {
    if (!application.operation)
      return refusal(
        'failedPrecondition',
        'Unable to terminate operation. No operation is in progress',
      )
    hub.change(applicationKey(application.metadata), object => {
      const status = readApplication(object)?.status
      if (status?.operationState)
        object['status'] = {
          ...status,
          operationState: { ...status.operationState, phase: 'Terminating' },
        }
    })
    return { status: 200, body: {} }
  }

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const rbac = rbacOf(request.headers.authorization)
    if (!rbac)
      return refusal(
        'unauthenticated',
        request.headers.authorization === undefined
          ? 'no session information'
          : 'invalid session: token is malformed',
      )
    const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
    if (request.method !== 'GET' && type !== 'application/json')
      return { status: 415, body: 'Invalid content type' }
    const said = canI(rbac, url.pathname)
    if (said)
      return 'invalid' in said
        ? refusal('invalidArgument', said.invalid)
        : { status: 200, body: said }
    const [, name, action] =
      /^\/api\/v1\/applications\/([^/]+)(?:\/(\w+))?$/.exec(url.pathname) ?? []
    if (name === undefined) return refusal('notFound', 'Not Found')
    const body = request.method === 'POST' ? await readBody(request) : {}
    const asked = syncBodySchema.pick({ appNamespace: true, project: true }).safeParse(body).data
    const namespace =
      asked?.appNamespace ?? url.searchParams.get('appNamespace') ?? controlPlaneNamespace
    const project = asked?.project ?? url.searchParams.get('project') ?? ''
    const application = readApplication(
      hub.get(applicationKey({ name: decodeURIComponent(name), namespace })),
    )
    const asksFor = request.method === 'DELETE' ? 'sync' : 'get'
    const nameOf = (of: string): string => rbacName({ name, namespace, project: of })
    // With the project the first question is whether such an Application may be asked for at all.
    if (project !== '' && !rbac.allows(asksFor, nameOf(project)))
      return refusal('permissionDenied', 'permission denied')
    // Without it the server does not say whether the Application exists (developer-guide/api-docs.md).
    if (
      !application ||
      (project !== '' && project !== application.spec.project) ||
      !rbac.allows(asksFor, nameOf(application.spec.project))
    )
      return project === ''
        ? refusal('permissionDenied', 'permission denied')
        : refusal('notFound', `applications.argoproj.io "${name}" not found`)
    const demand = (wanted: ApplicationAction): Answer | undefined => {
      const why = rbac.denies(wanted, nameOf(application.spec.project))
      return why === undefined ? undefined : refusal('permissionDenied', why)
    }
    if (request.method === 'GET' && action === undefined) {
      const level = url.searchParams.get('refresh')
      if (level) await refresh(application, level)
      return { status: 200, body: hub.get(applicationKey(application.metadata)) }
    }
    // `get` was asked for above, and `sync` comes after it (server/application/application.go, Sync).
    if (request.method === 'POST' && action === 'sync')
      return demand('sync') ?? sync(application, { body, username: rbac.username })
    if (request.method === 'DELETE' && action === 'operation') return terminate(application)
    return refusal('notFound', 'Not Found')
  }

  const server = createServer((request, response) => {
    void answer(request)
      .catch((error: unknown) => refusal('invalidArgument', messageOf(error)))
      .then(({ status, body }) => {
        const isText = typeof body === 'string'
        response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' })
        response.end(isText ? body : JSON.stringify(body))
      })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port to listen on')
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      isStopped = true
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
