import { whyUnread } from '../adapters/files/read-input.ts'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { gitUrlOf, readBotOptions } from './bot-options.ts'
import { composeHub } from './hub/compose-hub.ts'
import { addressOf } from './option-values.ts'
import { holdDirectory } from '../adapters/files/hold-directory.ts'
import { fileConfirmations } from '../adapters/files/file-inbox.ts'
import { fileAttempts } from '../adapters/files/file-attempts.ts'
import { fileBookmark, fileInbox } from '../adapters/files/file-inbox.ts'
import { argoCdApi } from '../adapters/argocd/argo-cd-api.ts'
import { keepClusters } from '../adapters/kubernetes/keep-clusters.ts'
import { ociRegistry } from '../adapters/registry/oci-registry.ts'
import { orderByGit } from './alone/ask-by-git.ts'
import { composeWay } from './alone/compose-way.ts'
import { driveAlone, type Alone } from './alone/drive-alone.ts'
import { cleanForge } from './github/clean-forge.ts'
import { cleanPulls } from './github/clean-pulls.ts'
import { readAuthority } from './read-authority.ts'
import { portsOfLeader } from './ports-of-leader.ts'
import { startBot } from './start-bot.ts'
import { ConflictError, InputError } from '../errors.ts'
import { createContext } from '../operations/context.ts'
import { startWatching } from './watch/start-watching.ts'
import { watchBy } from './watch/watch.ts'
import type { Ports } from '../operations/ports/ports.ts'
import type { Run } from '../core/run/run.ts'
import type { Redactor } from '../redact/redactor.ts'
import { composeKustomize, type Surroundings } from '../surroundings.ts'
import { shownName } from '../redact/shown-name.ts'

/**
 * `sower bot`: runs until SIGTERM or SIGINT. Throws InputError for bad options and files, and for a port or a
 * data directory in use; ConflictError DATA_IN_USE when another bot took the directory. With a cluster in `only` it drives one
 * run, and returns it when it has ended; with `once` it makes one round. Else, and when it was asked to end, null.
 */
export const runBot = async (
  surroundings: Surroundings,
  given: Readonly<Record<string, string | undefined>>,
  redactor: Redactor,
  only: Alone | 'once' | null = null,
): Promise<Run | null> => {
  const alone = only === 'once' ? null : only
  const data = readBotOptions(given, { isByGit: alone !== null && alone.byGit !== null })
  const terminated = surroundings.terminated()
  const at = (file: string): string => resolve(surroundings.directory, file)
  const read = (file: string): string => {
    try {
      return readFileSync(at(file), 'utf8')
    } catch (error) {
      throw new InputError('FILE_UNREADABLE', `reading ${shownName(file)}: ${whyUnread(error)}`, {
        fix: 'give the path of a file that can be read',
      })
    }
  }
  const secret = (file: string): string => {
    const value = read(file).trim()
    redactor.add(value)
    return value
  }
  // All files are read before anything is started or written.
  // One file for all that has a private authority; the registry may have another one besides.
  const authorityIn = (file: string | undefined): string | null =>
    file === undefined ? null : readAuthority(file, read(file))
  const authority = authorityIn(data.caFile)
  const stopping = new AbortController()
  const conceal = (value: string): void => {
    redactor.add(value)
  }
  const openWay = composeWay(data, {
    ...{ alone, secret, at, authority, conceal, now },
    ...{ data: at(data.data), path: surroundings.environment['PATH'] ?? '' },
    agent: surroundings.environment['SSH_AUTH_SOCK'] ?? null,
    stopping: stopping.signal,
    renamed: to => {
      log.warn({ repository: to }, `the repository is called ${to} now: set --repository`)
    },
  })
  const webhookSecret =
    data.noWebhook || data.webhookSecretFile === undefined ? null : secret(data.webhookSecretFile)
  const { hub, watchHub, openRuns } = composeHub(data, {
    ...{ environment: surroundings.environment, data: at(data.data), read, conceal, now },
    unreadable: (run, reason) => {
      log.error({ run, reason }, 'could not read a run')
    },
  })
  const argocd =
    data.argocdUrl !== undefined && data.argocdTokenFile !== undefined
      ? argoCdApi({ url: data.argocdUrl, token: secret(data.argocdTokenFile), authority })
      : null
  const registryAuthorities = [authority, authorityIn(data.registryCa)]
    .filter(file => file !== null)
    .join('\n')
  const kustomize = await composeKustomize(surroundings, { timeLimit: 300 })
  const log = pino(
    {
      ...{ level: data.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
      formatters: { level: label => ({ level: label }) },
    },
    {
      write: (line: string) => {
        surroundings.report(line)
      },
    },
  )
  // Asked now, so that a missing kustomize is an error of the start and not of the first run.
  log.info({ kustomize: await kustomize.version() }, 'starting')
  let lose = (): void => undefined
  const lost = new Promise<'lost'>(resolve => {
    lose = () => {
      resolve('lost')
    }
  })
  const giveBack = holdDirectory({ directory: at(data.data), shown: data.data, lost: lose })
  try {
    const { leadership, writeEvent, ...opened } = openRuns()
    const { repository, forge, pulls, changes, ...way } = openWay(opened.runs)
    const outside = { ...opened, ...way, pulls, repository, branch: data.branch }
    const isOnce = only === 'once'
    const one = alone && driveAlone(alone, outside)
    const { runs, feed } = one ?? outside
    const inbox = fileInbox(join(at(data.data), 'inbox'))
    if (alone?.byGit?.order)
      inbox.put(await orderByGit(alone.byGit.order, { cluster: alone.cluster, runs, now }))
    const { watch, metrics, status } = await startWatching({
      ...{ address: data.metrics, status: data.status, statusHosts: data.statusHost },
      ...{ inbox, leadership, now, writeEvent, log, clean: redactor.clean },
      gitUrl: gitUrlOf(data),
    })
    const around = (ports: Ports): Ports => portsOfLeader(metrics?.of.measure(ports) ?? ports)
    const bot = await startBot({
      context: createContext({
        ports: around({
          repository,
          forge: cleanForge(forge, redactor.clean),
          pulls: cleanPulls(pulls, redactor.clean),
          ...{ kustomize, hub },
          ...{ runs, leadership },
          confirmations: fileConfirmations(join(at(data.data), 'reattach')),
          connect: keepClusters(),
          argocd,
          registry: ociRegistry({
            authority: registryAuthorities || null,
            tokenHosts: data.registryTokenHost,
            insecure: data.registryInsecure,
            environment: surroundings.environment,
            conceal,
            tell: reason => {
              log.warn({ reason }, 'a registry gave no usable answer')
            },
          }),
          conceal,
          clean: redactor.clean,
        }),
        settings: {
          ...{ repository: data.repository, branch: data.branch, namespace: data.namespace },
          ...{ recheckInterval: data.recheckInterval, keepRuns: one ? 0 : data.keepRuns },
        },
        now,
      }),
      ...{ inbox, watchHub: isOnce ? undefined : watchHub },
      // Longer than the Lease of a bot that died counts.
      once: isOnce ? { patience: 45_000 } : undefined,
      watch: one ? watchBy([watch, one.watch]) : watch,
      attempts: fileAttempts(join(at(data.data), 'attempts')),
      webhookSecret,
      news: {
        feed,
        bookmark: fileBookmark(join(at(data.data), 'news')),
        interval: data.newsInterval * 1000,
      },
      checks: one || !changes ? undefined : { changes, interval: data.newsInterval * 1000 },
      ...addressOf(data.listen),
      health: data.health === undefined ? null : addressOf(data.health),
      ...{ metrics, status },
      pollInterval: data.pollInterval * 1000,
      stopping,
      log,
    })
    const ended = isOnce ? [bot.ended] : one ? [one.ended] : []
    const end = await Promise.race([terminated, lost, ...ended])
    await bot.stop()
    if (end === 'lost')
      throw new ConflictError(
        'DATA_IN_USE',
        `using the data directory ${data.data}: another process took it, since this one gave no sign of life`,
        { fix: 'run one bot on a data directory' },
      )
    return typeof end === 'object' ? end : null
  } finally {
    giveBack()
  }
}

const now = (): Date => new Date()
