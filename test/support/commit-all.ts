import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gitIn } from './run-sower.ts'

// Without a process that looks after each commit whether to tidy up.
const config = '[user]\n\tname = Ada\n\temail = ada@example.com\n[maintenance]\n\tauto = false\n'

const prepared = mkdtempSync(join(tmpdir(), 'sower-prepared-'))
process.once('exit', () => {
  rmSync(prepared, { recursive: true, force: true })
})
const copies = new Map<string, string>()

/** A `.git` as `git init` leaves it, made once for this process; without samples of hooks. */
const emptyGit = async (): Promise<string> => {
  const made = join(prepared, '.git')
  if (existsSync(made)) return made
  await gitIn(prepared)('init', '--quiet', '--initial-branch=main', '--template=')
  appendFileSync(join(made, 'config'), config)
  return made
}

/**
 * Makes a directory a repository of a person, whose first commit holds all files. The commit is made once
 * for those that name the same content, and copied.
 */
export const commitAll = async (top: string, content: string, message: string): Promise<void> => {
  const git = gitIn(top)
  const known = copies.get(content)
  cpSync(known ?? (await emptyGit()), join(top, '.git'), { recursive: true })
  await git('add', '--all')
  if (known !== undefined) return
  await git('commit', '--quiet', '--message', message)
  const copy = join(prepared, String(copies.size))
  cpSync(join(top, '.git'), copy, { recursive: true })
  copies.set(content, copy)
}
