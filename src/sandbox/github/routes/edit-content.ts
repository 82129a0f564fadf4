import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Account } from '../account.ts'
import { announceMoves } from '../git/moves-between.ts'
import { identityOf, type Host } from '../host.ts'
import { commitTree, webFlow } from '../git/merged-tree.ts'
import { readPath } from '../read-path.ts'
import { notFound, parseBody, Refusal } from '../refusal.ts'

const Person = z.object({ name: z.string(), email: z.string() })
const Edit = z.object({
  message: z.string(),
  content: z.string().optional(),
  sha: z.string().optional(),
  branch: z.string().optional(),
  author: Person.optional(),
  committer: Person.optional(),
})

/** Writes or deletes one file by a commit on a branch, with the precondition that GitHub asks for. */
export const editContent = async (
  host: Host,
  edit: Readonly<{ method: 'PUT' | 'DELETE'; path: string; by: Account; body: unknown }>,
): Promise<Readonly<{ commit: string; branch: string; isNew: boolean }>> => {
  const { repository } = host
  const { method, path, by } = edit
  const wanted = parseBody(Edit, edit.body)
  const branch = wanted.branch ?? repository.defaultBranch
  const from = await repository.resolve(`refs/heads/${branch}`)
  // An empty repository takes its first commit this way too.
  if (from === null && branch !== repository.defaultBranch)
    throw notFound(`Branch ${branch} not found`)
  if (host.state.protected.has(branch))
    throw new Refusal(
      409,
      `Repository rule violations found\n\nChanges must be made through a pull request.`,
    )
  const entry = from === null ? null : await readPath(repository, { commit: from, path })
  const current = entry && 'sha' in entry ? entry : null
  if (method === 'DELETE' && !current) throw notFound()
  if (current && wanted.sha === undefined)
    throw new Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
  if (wanted.sha !== undefined && wanted.sha !== current?.sha)
    throw new Refusal(409, `${path} does not match ${wanted.sha}`)
  if (method === 'PUT' && wanted.content === undefined)
    throw new Refusal(422, 'Invalid request.\n\n"content" wasn\'t supplied.')

  const index = join(repository.directory, `index-${randomUUID()}`)
  const environment = { GIT_INDEX_FILE: index }
  try {
    if (from !== null) await repository.run(['read-tree', from], { environment })
    const input = Buffer.from(wanted.content ?? '', 'base64')
    const blob = (await repository.run(['hash-object', '-w', '--stdin'], { input })).trim()
    // Mode 0 takes the path out of the index.
    const mode = method === 'PUT' ? (current?.mode ?? '100644') : '0'
    const change = `${mode} ${method === 'PUT' ? blob : '0'.repeat(40)}\t${path}`
    const changed = await repository.attempt(['update-index', '-z', '--index-info'], {
      input: `${change}\0`,
      environment,
    })
    if (changed === null) throw new Refusal(422, 'path contains a malformed path component')
    const commit = await commitTree(repository, {
      tree: (await repository.run(['write-tree'], { environment })).trim(),
      parents: from === null ? [] : [from],
      message: wanted.message,
      author: wanted.author ?? wanted.committer ?? identityOf(by.login),
      committer: wanted.committer ?? webFlow,
    })
    await repository.moveRef({ ref: `refs/heads/${branch}`, from, to: commit })
    await announceMoves(host, [{ branch, from, to: commit }], by)
    return { commit, branch, isNew: current === null }
  } finally {
    await rm(index, { force: true })
  }
}
