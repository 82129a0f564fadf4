import { createServer } from 'node:http'
import { join } from 'node:path'
import { z } from 'zod'
import type { Tell } from '../world.ts'
import { accountOf, apiUrl, type Host, type PushedCommit } from './host.ts'
import type { Account } from './account.ts'
import { openBareRepository } from './git/bare-repository.ts'
import { appRoutes } from './routes/app-routes.ts'
import { branchRoutes } from './routes/branch-routes.ts'
import { checkRunRoutes } from './routes/check-run-routes.ts'
import { commentRoutes } from './routes/comment-routes.ts'
import { contentRoutes } from './routes/content-routes.ts'
import { createIdentities } from './create-identities.ts'
import { createFork, type Fork } from './pulls/create-fork.ts'
import { createGitHubState } from './github-state.ts'
import { createGitOverHttp } from './git/git-over-http.ts'
import { issueRoutes } from './routes/issue-routes.ts'
import { labelRoutes } from './routes/label-routes.ts'
import { mergeRoutes } from './routes/merge-routes.ts'
import { pullRoutes } from './routes/pull-routes.ts'
import { reactionRoutes } from './routes/reaction-routes.ts'
import { repositoryRoutes } from './routes/repository-routes.ts'
import { repositoryShape } from './shapes/repository-shape.ts'
import { createRestApi, type RecordedRequest } from './create-rest-api.ts'
import { statusRoutes } from './routes/status-routes.ts'
import type { TroubleOf } from './trouble.ts'
import { createTurns } from './turns.ts'
import { userShape } from './shapes/user-shape.ts'
import { createWebhookSender, type Delivery, type Webhook } from './webhook-sender.ts'

export type { Account } from './account.ts'
export type { PushedCommit } from './host.ts'
export type { Trouble } from './trouble.ts'
export type { RecordedRequest } from './create-rest-api.ts'
export type { Delivery, Webhook } from './webhook-sender.ts'

/** A running GitHub with one private repository. */
export type GitHub = Readonly<{
  /** Base of the REST API; the same is served under /api/v3, as GitHub Enterprise Server does. */
  url: string
  gitUrl: string
  /** Where the bare repository is on disk. */
  bareRepository: string
  /** Sets the one webhook, which is pinged at once, or takes it away. */
  setWebhook: (webhook: Webhook | null) => void
  /** Lets nobody push to these branches any more, by a ruleset; what reaches them is merged. */
  protect: (branches: readonly string[]) => void
  /** Locks the conversation of a pull request, or unlocks it. */
  lock: (number: number, isLocked?: boolean) => void
  /** Makes a fork of the repository for an account. */
  fork: (login: string) => Fork
  /** Archives the repository, or takes it back. */
  archive: (isArchived?: boolean) => void
  /** Plays what GitHub may do in place of an answer, from now on; null: it answers again. */
  setTrouble: (troubleOf: TroubleOf | null) => void
  /** Waits for what happens before each request is served, git's too: a person acts in the middle of a look. Null: nothing does. */
  setBefore: (before: Before | null) => void
  /** Every request and answer in the order of the answers; of git's bodies only the command of the protocol. */
  requests: readonly RecordedRequest[]
  deliveries: readonly Delivery[]
  /** Sends an old delivery again, with the same body and GUID, to the webhook of now. */
  redeliver: (id: string) => Promise<Delivery>
  close: () => Promise<void>
}>

/** Something that happens before a request is served. */
type Before = (request: Readonly<{ method: string; path: string }>) => Promise<void>

/** The parts that a GitHub is made of. */
export type GitHubOptions = Readonly<{
  directory: string
  /** owner/name */
  repository: string
  accounts: readonly Account[]
  tell: Tell
  onPush?: (commits: readonly PushedCommit[]) => void
  port?: number
  /** Context of a status that must be success before a pull request can be merged. */
  requiredStatus?: string
}>

const Address = z.object({ port: z.number() })
const zen = 'Keep it logically awesome.'
const instant = (): string => new Date().toISOString().replace(/\.\d{3}Z$/, 'Z')

/** Starts a GitHub on 127.0.0.1 over a real bare repository, which is created when it is not there. */
export const startGitHub = async (options: GitHubOptions): Promise<GitHub> => {
  const [owner = '', name = ''] = options.repository.split('/')
  const bareRepository = join(options.directory, owner, `${name}.git`)
  const repository = await openBareRepository(bareRepository, join(options.directory, 'home'))

  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${Address.parse(server.address()).port}`
  const gitUrl = `${url}/${owner}/${name}.git`

  const webhook = createWebhookSender()
  const requests: RecordedRequest[] = []
  const turns = createTurns()
  let id = 1_000_000
  const host: Host = {
    url,
    gitUrl,
    owner,
    name,
    accounts: options.accounts,
    identities: createIdentities(options.accounts),
    repository,
    state: createGitHubState(),
    requiredStatus: options.requiredStatus ?? null,
    createdAt: instant(),
    now: instant,
    nextId: () => (id += 1),
    emit: (event, sender, payload) => {
      webhook.send(event, {
        ...payload,
        repository: repositoryShape(host),
        sender: userShape(host, sender.login),
      })
    },
    tell: options.tell,
    onPush: options.onPush ?? (() => undefined),
  }
  const routes = [
    appRoutes,
    repositoryRoutes,
    pullRoutes,
    mergeRoutes,
    // Before the issues: /issues/comments is not an issue with the number "comments".
    commentRoutes,
    reactionRoutes,
    issueRoutes,
    labelRoutes,
    checkRunRoutes,
    statusRoutes,
    branchRoutes,
    contentRoutes,
  ].flatMap(routesOf => routesOf(host))
  const record = (request: RecordedRequest): void => {
    requests.push(request)
  }
  const trouble: { of: TroubleOf | null } = { of: null }
  const first: { is: Before | null } = { is: null }
  const troubleOf: TroubleOf = request => trouble.of?.(request) ?? null
  const rest = createRestApi(host, { routes, turns, record, troubleOf })
  const git = await createGitOverHttp(host, turns)

  server.on('request', (request, response) => {
    const { method = '', url: path = '' } = request
    const serve = async (): Promise<void> => {
      await first.is?.({ method, path })
      const served = await git(request, response)
      if (!served) {
        await rest(request, response)
        return
      }
      const { login, command } = served
      const { statusCode: status } = response
      record({ login, method, path, status, requestBody: command, responseBody: '' })
    }
    serve().catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined)
    })
  })

  return {
    url,
    gitUrl,
    bareRepository,
    setWebhook: to => {
      const events = ['push', 'pull_request', 'issue_comment']
      const config = { url: to?.url ?? '', content_type: 'json', insecure_ssl: '0' }
      webhook.set(to, {
        zen,
        hook_id: 1,
        hook: {
          type: 'Repository',
          id: 1,
          name: 'web',
          active: true,
          events,
          config,
          url: apiUrl(host, '/hooks/1'),
          created_at: host.createdAt,
          updated_at: host.now(),
        },
        repository: repositoryShape(host),
        sender: userShape(
          host,
          accountOf(host, owner)?.login ?? options.accounts[0]?.login ?? owner,
        ),
      })
    },
    protect: branches => {
      for (const branch of branches) host.state.protected.add(branch)
    },
    lock: (number, isLocked = true) => {
      const pull = host.state.pulls.get(number)
      if (pull) pull.locked = isLocked
    },
    fork: login => createFork(host, login),
    archive: (isArchived = true) => {
      host.state.isArchived.now = isArchived
    },
    setTrouble: troubleOf => {
      trouble.of = troubleOf
    },
    setBefore: before => {
      first.is = before
    },
    requests,
    deliveries: webhook.deliveries,
    redeliver: webhook.redeliver,
    close: async () => {
      webhook.close()
      server.closeAllConnections()
      await new Promise<void>(resolve => {
        server.close(() => {
          resolve()
        })
      })
      // What was being done is done before the directory may go.
      await turns(async () => undefined)
    },
  }
}
