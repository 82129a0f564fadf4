// Records `sower plan` and `sower demo` as animated pictures, docs/plan.svg and docs/demo.svg: `npm run pictures`.
// Needs `script` of util-linux, which gives the programs a terminal.
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

const root = join(import.meta.dirname, '..')
const program = join(root, 'dist', 'sower.js')
const columns = 110
const escape = String.fromCharCode(27)
const controls = new RegExp(`(\\r\\n|\\r|${escape}\\[K)`)
const colours = new RegExp(`(${escape}\\[[0-9;]*m)`)
const colourOf = new RegExp(`^${escape}\\[([0-9;]*)m$`)

/** Runs a command on a terminal, and gives each line that stays with the second at which it stood there. */
const record = (command, cwd) =>
  new Promise((resolve, reject) => {
    const started = performance.now()
    const lines = []
    let current = ''
    const terminal = spawn(
      'script',
      ['-qec', `stty cols ${columns} rows 50; ${command}`, '/dev/null'],
      { cwd },
    )
    terminal.stdout.setEncoding('utf8')
    terminal.stdout.on('data', text => {
      for (const part of text.split(controls)) {
        if (part === '\r\n') {
          lines.push({ at: (performance.now() - started) / 1000, text: current })
          current = ''
        } else if (part === '\r' || part === `${escape}[K`) current = ''
        else current += part
      }
    })
    terminal.on('error', reject)
    terminal.on('close', code =>
      code === 0 ? resolve(lines) : reject(new Error(`${command}: exit code ${code}`)),
    )
  })

/** Shortens the pauses: nobody watches a picture that stands still. */
const hurried = lines => {
  let [before, now] = [0, 0.5]
  return lines.map(({ at, text }) => {
    now += Math.min(at - before, 0.8) + 0.12
    before = at
    return { at: now, text }
  })
}

const escaped = text =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** A line with its colours as SVG. Too long a line is cut, as a terminal would break it. */
const drawn = (text, y) => {
  let [colour, left] = ['0', columns]
  const spans = []
  for (const part of text.split(colours)) {
    const [, sgr] = colourOf.exec(part) ?? []
    if (sgr !== undefined) colour = sgr
    else if (part !== '' && left > 0) {
      spans.push(`<tspan class="c${colour}">${escaped(part.slice(0, left))}</tspan>`)
      left -= part.length
    }
  }
  return spans.length === 0 ? '' : `<text y="${y}">${spans.join('')}</text>`
}

/** An SVG of a window of some rows, whose lines come as they came. */
const film = (prompt, recorded, rows) => {
  const lines = [{ at: 0, text: `${escape}[32m$${escape}[0m ${prompt}` }, ...hurried(recorded)]
  const [height, last] = [18, lines.at(-1).at]
  const length = last + 6
  const shown = Math.min(rows, lines.length)
  const steps = lines.map(({ at }, index) => {
    const y = Math.max(index + 1 - shown, 0)
    return { at, y }
  })
  const scroll = steps
    .filter(({ y }, index) => index === 0 || y !== steps[index - 1].y)
    .map(
      ({ at, y }) =>
        `${((at / length) * 100).toFixed(2)}% { transform: translateY(${-y * height}px) }`,
    )
  const texts = lines.map(({ at, text }, index) => {
    const line = drawn(text, index * height + 13)
    return line === '' || index === 0
      ? line
      : line.replace('<text ', `<text class="l" style="animation-delay:${at.toFixed(2)}s" `)
  })
  const [width, total] = [columns * 7.85 + 24, shown * height + 24]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}">
<style>
  text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace; white-space: pre; fill: #e6edf3 }
  .c1 { font-weight: bold } .c31 { fill: #ff7b72 } .c32 { fill: #7ee787 } .c33 { fill: #e3b341 } .c34 { fill: #79c0ff } .c35 { fill: #d2a8ff } .c36 { fill: #76e3ea } .c90 { fill: #8b949e }
  .s { animation: scroll ${length.toFixed(2)}s step-end forwards }
  .l { opacity: 0; animation: come 0.01s step-end forwards }
  @keyframes come { to { opacity: 1 } }
  @keyframes scroll { ${scroll.join(' ')} 100% { transform: translateY(${-(lines.length - shown) * height}px) } }
  @media (prefers-reduced-motion: reduce) { .l { opacity: 1; animation: none } .s { animation: none; transform: translateY(${-(lines.length - shown) * height}px) } }
</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<svg x="12" y="12" width="${width - 24}" height="${total - 24}" overflow="hidden"><g class="s">
${texts.filter(text => text !== '').join('\n')}
</g></svg>
</svg>
`
}

const directory = mkdtempSync(join(tmpdir(), 'sower-pictures-'))
try {
  const clone = join(directory, 'ztp')
  cpSync(join(root, 'examples', 'ztp'), clone, { recursive: true })
  for (const words of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    ['commit', '-qm', 'A repository'],
  ])
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...words], {
      cwd: clone,
    })
  const plan = await record(`node ${program} plan seed-sno1`, clone)
  writeFileSync(join(root, 'docs', 'plan.svg'), film('sower plan seed-sno1', plan, 22))
  const demo = await record(`node ${program} demo --keep ${join(directory, 'demo')}`, root)
  const told = demo.map(line => ({ ...line, text: line.text.replaceAll(directory, '/tmp') }))
  writeFileSync(join(root, 'docs', 'demo.svg'), film('npm run demo', told, 34))
} finally {
  rmSync(directory, { recursive: true, force: true })
}
