import type { RestEndpointMethodTypes } from '@octokit/rest'
import { editContent } from './edit-content.ts'
import { apiUrl, webUrl, type Host } from '../host.ts'
import { commitShape } from '../shapes/commit-shape.ts'
import { readCommit } from '../git/list-commits.ts'
import { readPath, type TreeEntry } from '../read-path.ts'
import { notFound, requireWrite } from '../refusal.ts'
import type { Answer, Route } from '../route.ts'

type Entry = Extract<
  RestEndpointMethodTypes['repos']['getContent']['response']['data'],
  readonly unknown[]
>[number]

const kindOf = (entry: TreeEntry): 'dir' | 'file' | 'submodule' | 'symlink' => {
  if (entry.type === 'tree') return 'dir'
  if (entry.type === 'commit') return 'submodule'
  return entry.mode === '120000' ? 'symlink' : 'file'
}

const entryShape = (host: Host, entry: TreeEntry, ref: string): Entry => {
  const path = entry.path.split('/').map(encodeURIComponent).join('/')
  const isTree = entry.type === 'tree'
  const self = apiUrl(host, `/contents/${path}?ref=${encodeURIComponent(ref)}`)
  const git = apiUrl(host, `/git/${isTree ? 'trees' : 'blobs'}/${entry.sha}`)
  const html = webUrl(host, `/${isTree ? 'tree' : 'blob'}/${ref}/${path}`)
  return {
    type: kindOf(entry),
    name: entry.path.split('/').at(-1) ?? '',
    path: entry.path,
    sha: entry.sha,
    size: entry.size,
    url: self,
    git_url: git,
    html_url: html,
    download_url: isTree ? null : webUrl(host, `/raw/${ref}/${path}`),
    _links: { self, git, html },
  }
}

// Base64 in lines of 60 characters, the last one ended too.
const encode = (bytes: Buffer): string => bytes.toString('base64').replace(/.{1,60}/g, '$&\n')

/** Files and directories as the contents API shows and changes them. */
export const contentRoutes = (host: Host): readonly Route[] => {
  const { repository } = host
  const read = async (path: string, ref: string, accept: string): Promise<Answer> => {
    const commit = await repository.resolve(ref.replace(/^(refs\/)?heads\//, ''))
    if (commit === null) throw notFound(`No commit found for the ref ${ref}`)
    const found = await readPath(repository, { commit, path })
    if (found === null) throw notFound()
    if (!('sha' in found))
      return { status: 200, body: found.map(entry => entryShape(host, entry, ref)) }
    const bytes =
      found.type === 'blob' ? await repository.attempt(['cat-file', 'blob', found.sha]) : null
    if (bytes === null) return { status: 200, body: entryShape(host, found, ref) }
    if (/application\/vnd\.github\.(v3\.)?raw/.test(accept))
      return { status: 200, raw: bytes, contentType: 'application/vnd.github.raw; charset=utf-8' }
    const shape = entryShape(host, found, ref)
    if (shape.type === 'symlink')
      return { status: 200, body: { ...shape, target: bytes.toString('utf8') } }
    // Above a megabyte GitHub leaves the content out.
    const isLarge = bytes.length > 1024 * 1024
    const content = isLarge ? '' : encode(bytes)
    return { status: 200, body: { ...shape, content, encoding: isLarge ? 'none' : 'base64' } }
  }
  return [
    {
      method: 'GET',
      path: '/repo/contents/*path',
      handle: ({ parameter, query, accept }) =>
        read(parameter('path'), query.get('ref') ?? repository.defaultBranch, accept),
    },
    {
      method: 'GET',
      path: '/repo/contents',
      handle: ({ query, accept }) => read('', query.get('ref') ?? repository.defaultBranch, accept),
    },
    ...(['PUT', 'DELETE'] as const).map((method): Route => ({
      method,
      path: '/repo/contents/*path',
      handle: async call => {
        requireWrite(call.account)
        const path = call.parameter('path')
        const edited = await editContent(host, { method, path, by: call.account, body: call.body })
        const commit = await readCommit(repository, edited.commit)
        const entry = await readPath(repository, { commit: commit.sha, path })
        const content = entry && 'sha' in entry ? entryShape(host, entry, edited.branch) : null
        const { commit: data, ...rest } = commitShape(host, commit)
        return {
          status: edited.isNew ? 201 : 200,
          body: { content, commit: { ...rest, ...data, url: rest.url } },
        }
      },
    })),
  ]
}
