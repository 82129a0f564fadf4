import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { startGitHub, type Account, type GitHub } from '../../../src/sandbox/github/start-github.ts'
import { gitIn, temporaryDirectory } from '../run-sower.ts'

/** The simulated GitHub with acme/ztp: ada (`ada-token`), the bot (`bot-token`), and people who may do less. */
export const gitHubWith = async (
  t: Test,
  people: Readonly<Record<string, Account['permission']>> = {},

  more: Readonly<{ requiredStatus?: string; accounts?: readonly Account[] }> = {},
): Promise<GitHub> => {
  const server = await startGitHub({
    directory: join(temporaryDirectory(t), 'github'),
    repository: 'acme/ztp',
    accounts: [
      { login: 'ada', type: 'User', token: 'ada-token', permission: 'admin' },
      ...Object.entries(people).map(([login, permission]) => ({
        ...({ login, permission, type: 'User', token: `${login}-token` } as const),
      })),
      { login: 'sower[bot]', type: 'Bot', token: 'bot-token', permission: 'write' },
      ...(more.accounts ?? []),
    ],
    tell: () => undefined,
    ...(more.requiredStatus === undefined ? {} : { requiredStatus: more.requiredStatus }),
  })
  t.teardown(server.close)
  return server
}

/** A clone of ada's: what is returned commits a text to a branch that goes on from where it is, and pushes it. */
export const committerTo = async (
  t: Test,
  server: GitHub,
): Promise<(branch: string, content: string) => Promise<string>> => {
  const clone = join(temporaryDirectory(t), 'clone')
  mkdirSync(clone)
  const git = gitIn(clone)
  await git('init', '--quiet', '--initial-branch=main')
  await git('remote', 'add', 'origin', server.gitUrl.replace('://', '://ada:ada-token@'))
  return async (branch, content) => {
    await git('checkout', '--quiet', '-B', branch)
    writeFileSync(join(clone, 'a.yaml'), content)
    await git('add', 'a.yaml')
    await git('commit', '--quiet', '-m', content)
    await git('push', '--quiet', 'origin', branch)
    return (await git('rev-parse', 'HEAD')).trim()
  }
}
