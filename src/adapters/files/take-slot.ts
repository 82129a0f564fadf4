import { platform } from 'node:os'
import { connect, createServer, type Socket } from 'node:net'

/**
 * Waits until one of so many processes on this machine (in a pod: in all its containers) has ended that took a
 * slot before, and takes its place until this process ends, however it ends. False when no slot became free
 * within `time` seconds.
 *
 * A slot is an address in Linux's abstract socket namespace: the kernel gives it to one process and takes it
 * back at its death, so nothing is left behind and nothing needs to be polled. Where there is none, or the
 * network may not be used, everybody gets a slot.
 */
export const takeSlot = async ({
  slots,
  time,
}: Readonly<{ slots: number; time: number }>): Promise<boolean> => {
  if (platform() !== 'linux') return true
  const addresses = Array.from({ length: slots }, (_, slot) => `\0sower-render-${slot}`)
  const end = performance.now() + time * 1000
  for (;;) {
    for (const address of addresses) if (await take(address)) return true
    const left = end - performance.now()
    if (left <= 0) return false
    await oneIsFree(addresses, left)
  }
}

const take = (address: string): Promise<boolean> =>
  new Promise(resolve => {
    // Who waits stays connected; it must not keep us alive.
    const server = createServer(socket => socket.unref())
    server.once('error', error => {
      resolve(!('code' in error && error.code === 'EADDRINUSE'))
    })
    server.listen(address, () => {
      server.unref()
      resolve(true)
    })
  })

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
