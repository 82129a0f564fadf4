import { randomInt, randomUUID } from 'node:crypto'
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** A lock that is ours until it is given back, or until this process ends, however it ends. */
export type Lock = Readonly<{ file: string; release: () => void }>

/** The holder of the lock: a process that lives as far as can be told. */
export type Holder = Readonly<{ pid: number; host: string }>

type Asked = Readonly<{
  directory: string
  /** Names the lock: its files in the directory begin with `.<name>.lock`. */
  name: string
  /** How often it is tried; between two tries some milliseconds pass. */
  tries: number
}>

/** Milliseconds without a sign of life after which a process that we cannot see counts as dead. */
const quiet = 60_000

/**
 * Takes a lock among processes, or returns who has it. Each process puts up a file under a name of its own and then
 * looks for those of others: of two that ask at once the later to look sees the earlier, and gives way. Only files of
 * dead processes are ever taken away by others, and no name comes twice, so no late taker can remove a living lock.
 *
 * A process on this machine is asked for by its id and start; one elsewhere lives while its file is touched. Throws
 * the system's error.
 */
export const takeLock = ({ directory, name, tries }: Asked): Lock | Holder => {
  const prefix = `.${name}.lock`
  for (let left = tries; ; left -= 1) {
    const own = `${prefix}.${markOf()}`
    const file = join(directory, own)
    const release = (): void => {
      rmSync(file, { force: true })
    }
    closeSync(openSync(file, 'wx', 0o600))
    const now = statSync(file).mtimeMs
    const others = readdirSync(directory).filter(
      one => one !== own && (one === prefix || one.startsWith(`${prefix}.`)),
    )
    const alive = others.find(one => isAlive(join(directory, one), { prefix, name: one, now }))
    if (alive === undefined) {
      for (const dead of others) rmSync(join(directory, dead), { force: true })
      return { file, release }
    }
    release()
    if (left <= 1) return holderIn(alive.slice(prefix.length + 1)) ?? { pid: 0, host: 'unknown' }
    pause(randomInt(1, 6))
  }
}

/** The mark in the file of a process: its id, its start, where it can be seen from, and a word of its own. */
const markOf = (): string =>
  [process.pid, startOf(process.pid) ?? '', pidNamespace(), host(), randomUUID()].join('+')

const host = (): string => hostname().replace(/[^\w.-]/g, '_')

type Mark = Holder & Readonly<{ start: string; namespace: string }>

const holderIn = (mark: string): Mark | undefined => {
  const [, pid, start = '', namespace = '', place = ''] =
    /^(\d+)\+(\d*)\+(\d*)\+([^+]*)\+[0-9a-f-]+$/.exec(mark) ?? []
  return pid === undefined ? undefined : { pid: Number(pid), start, namespace, host: place }
}

const isAlive = (
  file: string,
  { prefix, name, now }: Readonly<{ prefix: string; name: string; now: number }>,
): boolean => {
  const holder = holderIn(name.slice(prefix.length + 1))
  if (holder?.host === host() && holder.namespace === pidNamespace()) {
    const start = startOf(holder.pid)
    return start !== null && start === holder.start
  }
  // The clock of the file system, which both write to. A file of version 0.1.0 has no mark.
  const seen = statSync(file, { throwIfNoEntry: false })?.mtimeMs
  return seen !== undefined && now - seen < quiet
}

/** When a process began, in ticks since the machine did; null for one that has ended. Without /proc: empty while it lives. */
const startOf = (pid: number): string | null => {
  const stat = textOf(`/proc/${pid}/stat`)
  if (stat !== null) {
    // The name, in parentheses, may hold anything (proc_pid_stat(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return /^[ZX]/.test(fields[0] ?? '') ? null : (fields[19] ?? '')
  }
  if (textOf('/proc/self/stat') !== null) return null
  try {
    process.kill(pid, 0)
    return ''
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? '' : null
  }
}

const textOf = (file: string): string | null => {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return null
  }
}

/** The ids of processes mean something inside of one namespace only: each container has its own. */
const pidNamespace = (): string => {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')
  } catch {
    return ''
  }
}

const pause = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
