import { unknown } from '../../src/core/seen.ts'
import type { Context } from '../../src/operations/context.ts'
import type { KubernetesObject } from '../../src/operations/ports/cluster.ts'
import { fakeWorld, type FakeWorld } from './fake-world.ts'

export const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** A world in which the access to sno1 is saved already; its kubeconfig differs from the original one. */
export const savedWorld = (): FakeWorld => {
  const world = fakeWorld()
  const metadata = { name: 'sno1-access', uid: '' }
  const data = { kubeconfig: base64('the saved kubeconfig') }
  world.hub.add({ kind: 'Secret', metadata, data }, 'sower')
  return world
}

/** Where the original access, the saved one and the unsealed credential are on the hub of such a world. */
export const places = {
  original: 'Secret/sno1/sno1-admin-kubeconfig',
  saved: 'Secret/sower/sno1-access',
  unsealed: 'Secret/sower-seeds/seedgen',
  sealed: 'SealedSecret/sower-seeds/seedgen',
} as const

/** Changes the object at a place. */
export const alter = (
  objects: Map<string, KubernetesObject>,
  place: string,
  change: Partial<KubernetesObject>,
): void => {
  const found = objects.get(place)
  if (!found) throw new Error(`there is no ${place}`)
  objects.set(place, { ...found, ...change })
}

/** Lets a call give no answer for one kind of objects. */
export const silence = (world: FakeWorld, call: string, kind: string): void => {
  world.faults.set(call, given =>
    (given as { kind: string }).kind === kind ? Promise.resolve(unknown('unreachable')) : undefined,
  )
}

/** A context that notes with which kubeconfigs it connects; `connect` may do it in another way. */
export const connecting = (
  world: FakeWorld,
  connect: Context['ports']['connect'] = world.ports.connect,
): Readonly<{ context: Context; used: readonly string[] }> => {
  const used: string[] = []
  const context = world.start()
  const noted: Context['ports']['connect'] = kubeconfig => {
    used.push(kubeconfig)
    return connect(kubeconfig)
  }
  return { used, context: { ...context, ports: { ...context.ports, connect: noted } } }
}
