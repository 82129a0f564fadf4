import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { readBotOptions, portOf } from './bot-options.ts'
import { fileInbox } from '../adapters/files/file-inbox.ts'
import { gitRepository } from '../adapters/git/git-repository.ts'
import { gitHub } from '../adapters/github/git-hub.ts'
import { argoCdApi } from '../adapters/argocd/argo-cd-api.ts'
import { kubernetesCluster } from '../adapters/kubernetes/kubernetes-cluster.ts'
import { ociRegistry } from '../adapters/registry/oci-registry.ts'
import { fileRunStore } from '../adapters/files/file-run-store.ts'
import { cleanForge } from './clean-forge.ts'
import { startBot } from './start-bot.ts'
import { InputError } from '../errors.ts'
import { createContext } from '../operations/context.ts'
import type { Redactor } from '../redact/redactor.ts'
import { composeKustomize, type Surroundings } from '../surroundings.ts'
import { shownName } from '../redact/shown-name.ts'

/** `sower bot`: runs until SIGTERM or SIGINT. Throws InputError for bad options, files and a busy port. */
export const runBot = async (
  surroundings: Surroundings,
  given: Readonly<Record<string, string | undefined>>,
  redactor: Redactor,
): Promise<void> => {
  const data = readBotOptions(given)
  const terminated = surroundings.terminated()
  const at = (file: string): string => resolve(surroundings.directory, file)
  const read = (file: string): string => {
    try {
      return readFileSync(at(file), 'utf8')
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
      throw new InputError('FILE_UNREADABLE', `reading ${shownName(file)}: ${code}`, {
        fix: 'give the path of a file that can be read',
      })
    }
  }
  const secret = (file: string): string => {
    const value = read(file).trim()
    redactor.add(value)
    return value
  }
  const token = secret(data.tokenFile)
  const webhookSecret = secret(data.webhookSecretFile)
  const kustomize = await composeKustomize(surroundings, 300)
  const log = pino(
    { level: data.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    {
      write: (line: string) => {
        surroundings.report(line)
      },
    },
  )
  // Asked now, so that a missing kustomize is an error of the start and not of the first run.
  log.info({ kustomize: await kustomize.version() }, 'starting')
  const context = createContext({
    ports: {
      repository: gitRepository({
        url: data.gitUrl ?? `https://github.com/${data.repository}.git`,
        directory: join(at(data.data), 'git'),
        tokenFile: at(data.tokenFile),
        path: surroundings.environment['PATH'] ?? '',
      }),
      forge: cleanForge(
        gitHub({ apiUrl: data.apiUrl, repository: data.repository, token }),
        redactor.clean,
      ),
      kustomize,
      hub: kubernetesCluster(read(data.kubeconfig), { credentials: 'any' }),
      connect: kubeconfig => kubernetesCluster(kubeconfig),
      argocd:
        data.argocdUrl !== undefined && data.argocdTokenFile !== undefined
          ? argoCdApi({ url: data.argocdUrl, token: secret(data.argocdTokenFile) })
          : null,
      registry: ociRegistry({
        authority: data.registryCa === undefined ? null : read(data.registryCa),
        tokenHosts: data.registryTokenHost,
        insecure: data.registryInsecure,
        environment: surroundings.environment,
        conceal: value => {
          redactor.add(value)
        },
        tell: reason => {
          log.warn({ reason }, 'a registry gave no usable answer')
        },
      }),
      runs: fileRunStore(join(at(data.data), 'runs'), (run, reason) => {
        log.error({ run, reason }, 'could not read a run')
      }),
      conceal: value => {
        redactor.add(value)
      },
    },
    settings: { repository: data.repository, branch: data.branch, namespace: data.namespace },
    now: () => new Date(),
  })
  const bot = await startBot({
    context,
    inbox: fileInbox(join(at(data.data), 'inbox')),
    webhookSecret,
    host: data.listen.slice(0, data.listen.lastIndexOf(':')),
    port: portOf(data.listen),
    pollInterval: data.pollInterval * 1000,
    log,
  })
  await terminated
  await bot.stop()
}
