import t from 'tap'
import { createProgress } from '../../../src/cli/output/create-progress.ts'

/** A screen of 20 columns, and the two seconds, which are over when a test says so. */
const start = (columns = 20) => {
  const written: string[] = []
  const due: (() => void)[] = []
  const calledOff: number[] = []
  const progress = createProgress({
    columns,
    write: text => void written.push(text),
    after: (milliseconds, call) => {
      t.equal(milliseconds, 2000)
      due.push(call)
      return () => calledOff.push(milliseconds)
    },
  })
  const said = (): string => written.splice(0).join('')
  return {
    progress,
    said,
    calledOff,
    wait: () => {
      for (const call of due) call()
    },
  }
}

/** A work that ends when it is told to. */
const work = () => {
  let [done, failed]: readonly [() => void, (error: Error) => void] = [() => {}, () => {}]
  const ended = new Promise<string>((resolve, reject) => {
    done = () => {
      resolve('done')
    }
    failed = reject
  })
  return {
    ended,
    done: () => {
      done()
    },
    failed: (error: Error) => {
      failed(error)
    },
  }
}
const erased = '\r\u001B[K'

t.test('what ends within two seconds is never shown', async t => {
  const { progress, said, wait } = start()
  t.equal(await progress.during('rendering a', async () => 'it'), 'it')
  wait()
  t.equal(said(), '')
})

t.test('after two seconds one line shows the newest work, and it is erased', async t => {
  const { progress, said, wait } = start()
  const [first, second] = [work(), work()]
  const outer = progress.during('asking the hub', () => first.ended)
  t.equal(said(), '')
  wait()
  t.equal(said(), '… asking the hub')
  const inner = progress.during('rendering \u001B[31mclusters', () => second.ended)
  t.equal(said(), `${erased}… rendering \\u{1b}[`, 'on one line, and harmless')
  second.done()
  t.equal(await inner, 'done')
  t.match(said(), /… asking the hub$/, 'the other goes on')
  first.failed(new Error('no'))
  await t.rejects(outer, { message: 'no' })
  t.equal(said(), erased)
})

t.test('other text is written on a line of its own, and the result ends it', async t => {
  const { progress, said, wait, calledOff } = start(80)
  const one = work()
  const shown = progress.during('rendering a', () => one.ended)
  wait()
  t.equal(said(), '… rendering a')
  let seen = ''
  progress.beside(() => (seen = said()))
  t.equal(seen, erased)
  t.equal(said(), '… rendering a')
  progress.end()
  t.equal(said(), erased)
  t.equal(calledOff.length, 1)
  one.done()
  await shown
  await progress.during('rendering b', async () => undefined)
  t.equal(said(), '', 'nothing more')
})
