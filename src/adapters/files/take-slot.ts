import { platform } from 'node:os'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** One of the slots that all processes of this machine share, until it is given back or this process ends. */
export type Slot = Readonly<{
  /** How many processes wait for a slot. */
  waiting: () => number
  giveBack: () => void
}>

const addressesOf = (slots: number): readonly string[] =>
  Array.from({ length: slots }, (_, slot) => `\0sower-render-${slot}`)

/** Where there are no slots, everybody gets one, and nobody waits. */
const unlimited: Slot = { waiting: () => 0, giveBack: () => undefined }

/**
 * Waits until one of so many processes on this machine (in a pod: in all its containers) has ended that took a
 * slot before, and takes its place until this process ends, however it ends. Null when no slot became free
 * within `time` seconds.
 *
 * A slot is an address in Linux's abstract socket namespace: the kernel gives it to one process and takes it
 * back at its death, so nothing is left behind and nothing needs to be polled. Where there is none, or the
 * network may not be used, everybody gets a slot.
 */
export const takeSlot = async ({
  slots,
  time,
}: Readonly<{ slots: number; time: number }>): Promise<Slot | null> => {
  if (platform() !== 'linux') return unlimited
  const addresses = addressesOf(slots)
  const end = performance.now() + time * 1000
  for (;;) {
    const slot = await takeAny(addresses)
    if (slot !== null) return slot
    const left = end - performance.now()
    if (left <= 0) return null
    await oneIsFree(addresses, left)
  }
}

/** Takes another slot beside the one that we have, if one is free and nobody waits for it. */
export const takeAnother = async (ours: Slot, slots: number): Promise<Slot | null> =>
  platform() !== 'linux' || ours.waiting() > 0 ? null : takeAny(addressesOf(slots))

const takeAny = async (addresses: readonly string[]): Promise<Slot | null> => {
  for (const address of addresses) {
    const slot = await take(address)
    if (slot !== null) return slot
  }
  return null
}

const take = (address: string): Promise<Slot | null> =>
  new Promise(resolve => {
    const waiting = new Set<Socket>()
    // Who waits stays connected; it must not keep us alive.
    const server = createServer(socket => {
      socket.unref()
      socket.on('error', () => undefined)
      waiting.add(socket)
      socket.once('close', () => waiting.delete(socket))
    })
    server.once('error', error => {
      resolve('code' in error && error.code === 'EADDRINUSE' ? null : unlimited)
    })
    server.listen(address, () => {
      server.unref()
      resolve({
        waiting: () => waiting.size,
        giveBack: () => {
          closeAll(server, waiting)
        },
      })
    })
  })

/** Those who wait see their connection end, and try again. */
const closeAll = (server: Server, waiting: ReadonlySet<Socket>): void => {
  server.close()
  for (const socket of waiting) socket.destroy()
}

const oneIsFree = (addresses: readonly string[], time: number): Promise<void> =>
  new Promise(resolve => {
    const sockets: Socket[] = []
    const done = (): void => {
      clearTimeout(timer)
      for (const socket of sockets) socket.destroy()
      resolve()
    }
    const timer = setTimeout(done, time)
    for (const address of addresses)
      sockets.push(connect(address).on('error', done).on('close', done).resume())
  })
