// Writes test/fixtures/github/: what GitHub says of the calls and events that the sandbox plays, without its prose. Takes the
// unpacked npm packages @octokit/openapi and @octokit/openapi-webhooks:
//   npm pack @octokit/openapi @octokit/openapi-webhooks   # then unpack each into a directory
//   node scripts/trim-github-schemas.js <openapi directory> <openapi-webhooks directory>
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const repository = '/repos/{owner}/{repo}'
/** The paths that the sandbox serves; a test fails on an answer of another one. */
const paths = [
  ...['/app', '/app/installations/{installation_id}/access_tokens'],
  ...['/user', '/users/{username}', '/orgs/{org}/teams/{team_slug}/memberships/{username}'],
  ...[
    '',
    ...['/branches', '/branches/{branch}', '/rules/branches/{branch}', '/git/ref/{ref}'],
    '/git/matching-refs/{ref}',
    ...['/git/refs', '/git/refs/{ref}', '/collaborators/{username}/permission'],
    ...['/contents/{path}', '/labels', '/labels/{name}'],
    ...['/installation', '/check-runs', '/commits/{ref}/check-runs'],
    ...['/commits/{ref}', '/commits/{ref}/status', '/commits/{ref}/statuses', '/statuses/{sha}'],
    ...['/pulls', '/pulls/{pull_number}', '/pulls/{pull_number}/merge'],
    ...['/pulls/{pull_number}/files', '/pulls/{pull_number}/commits'],
    ...['/pulls/{pull_number}/reviews'],
    ...['/issues', '/issues/events', '/issues/{issue_number}', '/issues/{issue_number}/events'],
    ...['/issues/{issue_number}/labels', '/issues/{issue_number}/labels/{name}'],
    ...['/issues/comments', '/issues/comments/{comment_id}', '/issues/{issue_number}/comments'],
    ...['/issues/comments/{comment_id}/reactions', '/issues/{issue_number}/reactions'],
    '/issues/comments/{comment_id}/reactions/{reaction_id}',
    '/issues/{issue_number}/reactions/{reaction_id}',
  ].map(path => repository + path),
]
const events =
  /^(?:ping|push|issue-comment-(?:created|edited|deleted)|merge-group-checks-requested|pull-request-(?:opened|closed|reopened|edited|labeled|unlabeled|synchronize))$/

const prose = ['description', 'summary', 'example', 'examples', 'externalDocs', 'title', 'tags']

/** A copy without prose; below `properties` a name is a name, whatever it is. */
const bare = (value, isNames = false) => {
  if (Array.isArray(value)) return value.map(each => bare(each))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isNames || !(prose.includes(key) || key.startsWith('x-')))
      .map(([key, each]) => [key, bare(each, !isNames && key === 'properties')]),
  )
}

/** All schemas that a value leads to, by name. */
const reachedFrom = (value, { components: { schemas } }) => {
  const found = new Map()
  const follow = part => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (found.has(name)) continue
      found.set(name, bare(schemas[name]))
      follow(found.get(name))
    }
  }
  follow(value)
  return Object.fromEntries([...found].sort())
}

const schemaOf = ({ content } = {}) => content?.['application/json']?.schema
const readAll = directory =>
  JSON.parse(readFileSync(join(directory, 'generated', 'api.github.com.json'), 'utf8'))
const responseOf = (all, response) =>
  response.$ref === undefined
    ? response
    : all.components.responses[response.$ref.slice('#/components/responses/'.length)]

/** By path, method and status, the schema of the body; null where there is none. */
const restOf = all => {
  const answers = Object.fromEntries(
    paths.map(path => [
      path,
      Object.fromEntries(
        Object.entries(all.paths[path])
          .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
          .map(([method, { responses }]) => [
            method.toUpperCase(),
            Object.fromEntries(
              Object.entries(responses).map(([status, response]) => [
                status,
                bare(schemaOf(responseOf(all, response)) ?? null),
              ]),
            ),
          ]),
      ),
    ]),
  )
  return { answers, schemas: reachedFrom(answers, all) }
}
const webhooksOf = all => {
  const payloads = Object.fromEntries(
    Object.entries(all.webhooks)
      .filter(([name]) => events.test(name))
      .map(([name, { post }]) => [name, bare(schemaOf(post.requestBody))]),
  )
  return { payloads, schemas: reachedFrom(payloads, all) }
}

const [openapi, webhooks] = process.argv.slice(2)
if (openapi === undefined || webhooks === undefined) {
  console.error('usage: node scripts/trim-github-schemas.js <openapi> <openapi-webhooks>')
  process.exit(2)
}
const target = join(import.meta.dirname, '..', 'test', 'fixtures', 'github')
mkdirSync(target, { recursive: true })
const write = (name, text) => writeFileSync(join(target, name), text)
write('rest.json', `${JSON.stringify(restOf(readAll(openapi)))}\n`)
write('webhooks.json', `${JSON.stringify(webhooksOf(readAll(webhooks)))}\n`)
write('LICENSE', readFileSync(join(openapi, 'LICENSE'), 'utf8'))
