// Everything works without this file. It starts GOV.UK's components, keeps the to-do count fresh and folds the
// filter away on a narrow screen.
import { initAll } from './GOVUK_FRONTEND'

initAll()

const badge = document.querySelector('[data-visor-count-url]')
if (badge) startCounting(badge)

function startCounting (link) {
  const seconds = Number(link.dataset.visorCountSeconds) || 10
  let etag = null
  let timer = null
  let asking = false

  async function ask () {
    if (asking) return
    asking = true
    const headers = etag ? { 'If-None-Match': etag } : {}
    try {
      const answer = await fetch(link.dataset.visorCountUrl, { headers, cache: 'no-store', credentials: 'same-origin' })
      if (answer.status === 401 || answer.status === 403) return // signed out: stays silent, the next page says so
      if (answer.status === 200) {
        etag = answer.headers.get('ETag')
        show(link, (await answer.json()).count)
      }
    } catch { /* away for the moment: ask again at the next turn */ }
    asking = false
    plan()
  }

  function plan () {
    clearTimeout(timer)
    if (!document.hidden) timer = setTimeout(ask, seconds * 1000)
  }

  document.addEventListener('visibilitychange', () => { if (!document.hidden) ask() })
  if (!document.hidden) ask()
}

function show (link, count) {
  link.querySelector('.moj-notification-badge')?.remove()
  if (!count) return
  const shown = document.createElement('span')
  shown.className = 'moj-notification-badge'
  const number = document.createElement('span')
  number.ariaHidden = 'true'
  number.textContent = count > 99 ? '99+' : String(count)
  const spoken = document.createElement('span')
  spoken.className = 'govuk-visually-hidden'
  spoken.textContent = ` (${count > 99 ? 'more than 99' : count} open)`
  shown.append(number, spoken)
  link.append(shown)
}

for (const filter of document.querySelectorAll('[data-visor-filter]')) foldAway(filter)

function foldAway (filter) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'govuk-button govuk-button--secondary visor-filter-toggle'
  button.setAttribute('aria-controls', filter.id)
  filter.before(button)
  const say = () => {
    button.textContent = filter.hidden ? 'Show filter' : 'Hide filter'
    button.setAttribute('aria-expanded', String(!filter.hidden))
  }
  filter.hidden = matchMedia('(max-width: 63.99em)').matches
  button.addEventListener('click', () => { filter.hidden = !filter.hidden; say() })
  say()
}
