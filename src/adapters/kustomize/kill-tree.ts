import { readdirSync, readFileSync } from 'node:fs'

/** The marks by which the processes of a tree are known. */
export type Tree = Readonly<{
  /** The first of them while it lives. */
  leader: number | null
  /** A variable and its value in the environment of all, and of no other process, such as `TMPDIR=/tmp/a-b`. */
  mark: string
}>

/**
 * Kills the processes of a tree, in whatever group or session they are: those with the mark, the leader, and what any of
 * them started. Those that come meanwhile are looked for again. Without /proc nothing is found. Throws nothing.
 */
export const killTree = (tree: Tree): void => {
  // Each pass finds what the last one missed; who makes processes faster than that is stopped by its own limits.
  for (let passes = 0; passes < 50; passes += 1) {
    const found = processesOf(tree)
    if (found.length === 0) return
    for (const pid of found)
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended already.
      }
  }
}

const processesOf = ({ leader, mark }: Tree): readonly number[] => {
  const living = idsOf('/proc').flatMap(pid => {
    const stat = textOf(`/proc/${pid}/stat`)
    // The name, in parentheses, may hold anything (proc_pid_stat(5)); Z and X are dead.
    const [state = 'X', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return /[ZX]/.test(state) ? [] : [{ pid, parent: Number(parent) }]
  })
  const found = new Set(
    living
      .filter(
        ({ pid }) => pid === leader || textOf(`/proc/${pid}/environ`).split('\0').includes(mark),
      )
      .map(({ pid }) => pid),
  )
  // One that has emptied its environment is known by its parent.
  for (let before = -1; before < found.size;) {
    before = found.size
    for (const { pid, parent } of living) if (found.has(parent)) found.add(pid)
  }
  return [...found]
}

const idsOf = (directory: string): readonly number[] => {
  try {
    return readdirSync(directory).map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
