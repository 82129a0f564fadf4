// Checks what people read: that each relative link of the documentation leads to a file, and to a heading of it, that a command
// in it is one, that a doc comment begins with a noun or a verb, and that the usual words are used.
// `node scripts/check-prose.js [directory]` checks another tree the same way.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'
import { fromMarkdown } from 'mdast-util-from-markdown'

const root = resolve(process.argv[2] ?? '.')
const problems = []
const textOf = file => readFileSync(join(root, file), 'utf8')
const filesBelow = (directory, ending) =>
  existsSync(join(root, directory))
    ? readdirSync(join(root, directory), { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile() && ending.test(entry.name))
        .map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter(file => !file.includes('node_modules/'))
        .sort()
    : []

const nodesOf = node => [node, ...(node.children ?? []).flatMap(nodesOf)]
const parsed = new Map()
/** All nodes of a page, which is parsed once. */
const nodesIn = page => {
  const nodes = parsed.get(page) ?? nodesOf(fromMarkdown(textOf(page)))
  parsed.set(page, nodes)
  return nodes
}
const plain = node => node.value ?? (node.children ?? []).map(plain).join('')

/** The anchors that GitHub gives the headings of a page. */
const anchors = new Map()
const anchorsOf = file => {
  const known = anchors.get(file)
  if (known) return known
  const counts = new Map()
  const found = new Set()
  for (const heading of nodesIn(file).filter(({ type }) => type === 'heading')) {
    const slug = plain(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
    const count = counts.get(slug) ?? 0
    counts.set(slug, count + 1)
    found.add(count === 0 ? slug : `${slug}-${count}`)
  }
  anchors.set(file, found)
  return found
}

const topLevel = readdirSync(root).filter(name => name.endsWith('.md'))
const pages = [
  ...topLevel,
  ...['docs', 'examples', 'manifests', 'plugin'].flatMap(directory =>
    filesBelow(directory, /\.md$/),
  ),
]
for (const page of pages)
  for (const { url, position } of nodesIn(page).filter(
    ({ type }) => type === 'link' || type === 'image' || type === 'definition',
  )) {
    if (/^[a-z]+:/i.test(url)) continue
    const [path = '', anchor] = decodeURI(url).split('#')
    const target = path === '' ? page : posix.join(dirname(page), path)
    const at = `${page}:${position.start.line}`
    if (!existsSync(join(root, target))) problems.push(`${at}: ${url} leads to no file`)
    else if (anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor))
      problems.push(`${at}: ${url} leads to no heading`)
  }

// The commands of the pages: npm's scripts, and what the command line declares. A test runs those of README.md.
const words = pattern =>
  new Set(
    filesBelow('src', /\.ts$/).flatMap(file =>
      [...textOf(file).matchAll(pattern)].map(([, word]) => word),
    ),
  )
const verbs = words(/(?:\.command\(|\bprogram,\s+)'([a-z]+)/g)
const flags = words(/(--[a-z][a-z-]*)/g)
const scripts = existsSync(join(root, 'package.json'))
  ? JSON.parse(textOf('package.json')).scripts
  : {}
const wrongIn = command => {
  const [, script] = /\bnpm run (?:--\S+ )*([\w:-]+)/.exec(command) ?? []
  if (script !== undefined && !(script in scripts))
    return `npm run ${script}: package.json has no such script`
  const [, verb, rest = ''] =
    /(?:^|&& |; |\| )(?:node )?(?:\S*dist\/sower\.js|sower) ([a-z]+)([^|#]*)/.exec(command) ?? []
  if (verb === undefined || verb === 'help') return undefined
  if (!verbs.has(verb)) return `sower ${verb}: there is no such command`
  const flag = (rest.match(/(?<=\s)--[a-z][a-z-]*/g) ?? []).find(one => !flags.has(one))
  return flag && `sower ${verb} ${flag}: there is no such flag`
}
for (const page of pages)
  for (const { lang, value, position } of nodesIn(page).filter(({ type }) => type === 'code'))
    for (const [at, line] of value.split('\n').entries()) {
      const command = lang === 'console' ? (/^\$ (.*)/.exec(line)?.[1] ?? '') : line
      const wrong = ['sh', 'console'].includes(lang) ? wrongIn(command) : undefined
      if (wrong !== undefined) problems.push(`${page}:${position.start.line + at + 1}: ${wrong}`)
    }

// A clause as the subject makes a reader guess the noun: "What counts" for "The entries that count".
const clause = /^\s*\/\*\*(?:\s*\n\s*\*)?\s+(?:What|That|Whether|Of|Who|Whoever|Whatever)\s/gm
const sources = ['src', 'plugin'].flatMap(directory => filesBelow(directory, /\.ts$/))
for (const file of sources) {
  const text = textOf(file)
  for (const { 0: found, index } of text.matchAll(clause)) {
    const line = text.slice(0, index + found.length).split('\n').length
    problems.push(
      `${file}:${line}: the doc comment begins with a clause; begin with a noun or a verb`,
    )
  }
}

// Words for which there is a usual one, in what the product says, in its comments and in its pages.
const unusual = [
  [/\banew\b/i, 'again'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix, or repair'],
  [/\btells? of\b/i, 'shows'],
  [/\b(?:that|this) is meant\b/i, 'is intended'],
  [/\bnothing is to be\b/i, 'nothing to'],
]
for (const file of [...pages.filter(page => page !== 'CHANGELOG.md'), ...sources])
  for (const [at, line] of textOf(file).split('\n').entries())
    for (const [word, usual] of unusual)
      if (word.test(line))
        problems.push(`${file}:${at + 1}: ${word.exec(line)[0]}: the usual word is ${usual}`)

for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
