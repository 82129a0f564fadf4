import type { Ports } from '../../../src/operations/ports/ports.ts'

export type Mortal = Readonly<{
  ports: Ports
  /** What this process keeps in files: once it is dead, each call throws. */
  files: <T extends object>(kept: T) => T
  /** The writes that reached the world, in order, such as `runs.replace`. */
  writes: readonly string[]
  /** Resolves to the write at which the process died or froze. */
  ended: Promise<string>
  thaw: () => void
}>

/** When a process dies or freezes; never where nothing is said. */
export type Fate = Readonly<{ diesAfter?: number; freezesAt?: number }>

const writing = new Set([
  ...['push', 'create', 'replace', 'putSecret', 'annotate', 'remove'],
  ...['upsertComment', 'setStatus', 'react'],
  // Of pull requests; a repository only reads by that name.
  'pulls.merge',
])
const forEver = (): Promise<never> => new Promise(() => undefined)

/**
 * The ports of a process that ends, or stops for a while, at one of its writes to the outside, counted from 1. It dies
 * right after one, before it has the answer, and so before the next: nothing outside lies between. It freezes right
 * before one, and goes on with it once it is thawed.
 */
export const mortalPorts = (
  ports: Ports,
  { diesAfter = Infinity, freezesAt = Infinity }: Fate,
): Mortal => {
  const writes: string[] = []
  let begun = 0
  let isDead = false
  let thawed = Promise.resolve()
  let thaw = (): void => undefined
  let end: (what: string) => void = () => undefined
  const ended = new Promise<string>(resolve => {
    end = resolve
  })
  const through = <T extends object>(system: string, port: T): T =>
    new Proxy(port, {
      get: (target, name: string) => {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...given: readonly unknown[]): Promise<unknown> => {
          if (isDead) return forEver()
          const isWrite = writing.has(name) || writing.has(`${system}.${name}`)
          if (isWrite) begun += 1
          const isLast = isWrite && begun === diesAfter
          // What another part of the process would begin meanwhile does not reach the world.
          if (isLast) isDead = true
          if (isWrite && begun === freezesAt) {
            thawed = new Promise(resolve => {
              thaw = resolve
            })
            end(`${system}.${name}`)
          }
          await thawed
          const answer: unknown = await Reflect.apply(method, target, given)
          if (isWrite) writes.push(`${system}.${name}`)
          if (isLast) end(`${system}.${name}`)
          await thawed
          return isDead ? forEver() : answer
        }
      },
    })
  return {
    writes,
    ended,
    thaw: () => {
      thaw()
    },
    files: kept =>
      new Proxy(kept, {
        get: (target, name) => {
          if (isDead) throw new Error('a dead process keeps nothing')
          return Reflect.get(target, name) as unknown
        },
      }),
    ports: {
      ...ports,
      repository: through('repository', ports.repository),
      hub: through('hub', ports.hub),
      connect: kubeconfig => through('seed', ports.connect(kubeconfig)),
      registry: through('registry', ports.registry),
      runs: through('runs', ports.runs),
      forge: through('forge', ports.forge),
      pulls: through('pulls', ports.pulls),
    },
  }
}
