import type { Ports } from '../../../src/operations/ports/ports.ts'

export type Mortal = Readonly<{
  ports: Ports
  /** What this process keeps in files: once it is dead, each call throws. */
  files: <T extends object>(kept: T) => T
  /** The writes that reached the world, in order, such as `runs.replace`. */
  writes: readonly string[]
  /** Resolves to the write at which the process died. */
  died: Promise<string>
}>

const writing = new Set([
  ...['push', 'create', 'replace', 'putSecret', 'annotate', 'remove'],
  ...['upsertComment', 'setStatus', 'react'],
])
const forEver = (): Promise<never> => new Promise(() => undefined)

/**
 * The ports of a process that dies right after its n-th write to the outside, counted from 1, and before it has the
 * answer: nothing answers it from then on. It dies before the write after that, too: nothing outside lies between.
 */
export const mortalPorts = (ports: Ports, diesAfter: number): Mortal => {
  const writes: string[] = []
  let begun = 0
  let isDead = false
  let die: (what: string) => void = () => undefined
  const died = new Promise<string>(resolve => {
    die = resolve
  })
  const through = <T extends object>(system: string, port: T): T =>
    new Proxy(port, {
      get: (target, name: string) => {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...given: readonly unknown[]): Promise<unknown> => {
          if (isDead) return forEver()
          const isWrite = writing.has(name)
          if (isWrite) begun += 1
          const isLast = isWrite && begun === diesAfter
          // What another part of the process would begin meanwhile does not reach the world.
          if (isLast) isDead = true
          const answer: unknown = await Reflect.apply(method, target, given)
          if (isWrite) writes.push(`${system}.${name}`)
          if (isLast) die(`${system}.${name}`)
          return isDead ? forEver() : answer
        }
      },
    })
  return {
    writes,
    died,
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
    },
  }
}
