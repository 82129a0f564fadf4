import { unknown, type Seen } from '../../../src/core/seen.ts'
import type { ErrorCode } from '../../../src/error-codes.ts'
import { UnavailableError } from '../../../src/errors.ts'
import type { Ports } from '../../../src/operations/ports/ports.ts'

/** How a call of a port goes wrong: it does not arrive, or it is obeyed and its answer is lost. */
export type Mishap = 'lost' | 'obeyed'

const writing = new Set([
  ...['push', 'create', 'replace', 'putSecret', 'annotate', 'remove', 'syncWithPrune'],
  ...['upsertComment', 'setStatus', 'openPullRequest'],
])
const codes = {
  ...{ forge: 'GITHUB_FAILED', repository: 'GIT_FAILED', hub: 'CLUSTER_UNAVAILABLE' },
  ...{ seed: 'CLUSTER_UNAVAILABLE', registry: 'CLUSTER_UNAVAILABLE', runs: 'CLUSTER_UNAVAILABLE' },
} as const satisfies Readonly<Record<string, ErrorCode>>
type System = keyof typeof codes

/** These answer with `unknown` where they have no answer; all else throws. */
const seeing = new Set([
  ...['read', 'list', 'summary', 'may', 'ready', 'mayPush', 'digest', 'inspect'],
  ...['pullRequest', 'branchUse', 'branchRules', 'pullRequestFrom'],
])

/** Ports whose calls, such as `hub.read`, go wrong as `mishapOf` says. `error` replaces what is thrown. */
export const troubledPorts = (
  ports: Ports,
  mishapOf: (call: string, isWrite: boolean) => Mishap | null,
  error?: (call: string) => Error,
): Ports => {
  const through = <T extends object>(system: System, port: T): T =>
    new Proxy(port, {
      get: (target, name: string) => {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...given: readonly unknown[]): Promise<unknown> => {
          const call = `${system}.${name}`
          const mishap = mishapOf(call, writing.has(name))
          if (mishap === null) return (await Reflect.apply(method, target, given)) as unknown
          if (mishap === 'obeyed') await Reflect.apply(method, target, given)
          const isSeen = seeing.has(name) && system !== 'runs'
          if (isSeen && error === undefined) return unknown('unreachable') satisfies Seen<never>
          throw error?.(call) ?? noAnswer(system, call)
        }
      },
    })
  return {
    ...ports,
    repository: through('repository', ports.repository),
    hub: through('hub', ports.hub),
    connect: kubeconfig => through('seed', ports.connect(kubeconfig)),
    registry: through('registry', ports.registry),
    runs: through('runs', ports.runs),
    forge: through('forge', ports.forge),
  }
}

const noAnswer = (system: System, call: string): Error =>
  new UnavailableError(codes[system], `${call}: there was no answer`)
