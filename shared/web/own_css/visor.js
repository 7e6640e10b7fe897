// Everything works without this file, but for passkeys, beside which there is always a one-time code. It starts GOV.UK's
// components, keeps drafts and the to-do count fresh, folds the filter away on a narrow screen, opens the passkey dialogue, and
// shows contact cards over the page.
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

for (const form of document.querySelectorAll('form[data-visor-draft]')) keepDrafts(form)

// Sends what was typed, without files, whenever it has changed since the last time. Once the form itself is sent no
// draft may follow: it would come back after the act that ended it.
function keepDrafts (form) {
  const says = form.querySelector('[data-visor-draft-said]')
  const words = () => new URLSearchParams([...new FormData(form)].map(([name, value]) =>
    value instanceof File ? ['_draft_files', value.name] : [name, value]))
  let kept = words().toString()
  const stop = new AbortController()
  const timer = setInterval(async () => {
    const now = words()
    if (now.toString() === kept) return
    kept = now.toString()
    now.append('_draft', '1')
    const asked = { method: 'POST', body: now, headers: { Accept: 'application/json' }, credentials: 'same-origin', signal: stop.signal }
    try {
      const answer = await fetch(location.pathname, asked)
      if (!answer.ok) throw new Error(answer.status)
      const at = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Europe/London' }).format(new Date())
      says.textContent = `Draft saved at ${at}`
    } catch {
      kept = ''
      says.textContent = 'The draft could not be saved. What you typed is still on this page.'
    }
  }, Number(form.dataset.visorDraft) * 1000)
  form.addEventListener('submit', () => { clearInterval(timer); stop.abort() })
}

// Beside its list a filter is open for whatever asks (a browser that cannot show it by style sheet, a screen reader).
const beside = matchMedia('(min-width: 64em)')
const unfold = () => { for (const filter of document.querySelectorAll('[data-visor-filter]')) filter.open = beside.matches }
beside.addEventListener('change', unfold)
unfold()

// A name opens its contact card over the page, so that nobody leaves the record they read. With a key held down, or
// where no card comes, the link leads to the card's own page as it does without this file.
document.addEventListener('click', event => {
  const link = event.target.closest('a.visor-person')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  openCard(link).catch(() => location.assign(link.href))
})

async function openCard (link) {
  const answer = await fetch(link.href, { cache: 'no-store', credentials: 'same-origin' })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const card = page.querySelector('[data-visor-card]')
  if (!answer.ok || !card) throw new Error('no card')
  const dialog = document.createElement('dialog')
  dialog.className = 'visor-card-dialog'
  const name = document.createElement('h2')
  name.className = 'govuk-heading-m'
  name.id = 'visor-card-name'
  name.textContent = page.querySelector('h1').textContent
  dialog.setAttribute('aria-labelledby', name.id)
  const close = document.createElement('button')
  close.type = 'button'
  close.className = 'govuk-button govuk-button--secondary'
  close.textContent = 'Close'
  close.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => { dialog.remove(); link.focus() })
  dialog.append(name, document.importNode(card, true), close)
  document.body.append(dialog)
  dialog.showModal()
}

if (window.PublicKeyCredential) for (const place of document.querySelectorAll('[data-visor-passkey]')) offerPasskey(place)

// The place's form is sent with the browser's answer in its field `passkey`; `create` makes one, `get` asks for one.
function offerPasskey (place) {
  const form = place.closest('form')
  const button = place.querySelector('button')
  const says = place.querySelector('[role=status]')
  for (const each of document.querySelectorAll('[data-visor-without-script]')) each.hidden = true
  place.hidden = false
  button.addEventListener('click', async event => {
    event.preventDefault()
    says.textContent = ''
    try {
      const publicKey = fromJson(JSON.parse(place.dataset.visorOptions))
      send(form, toJson(await navigator.credentials[place.dataset.visorPasskey]({ publicKey })))
    } catch (error) {
      says.textContent = error.name === 'InvalidStateError'
        ? 'This device already holds one of your passkeys.'
        : 'No passkey was used. Try again, or use a one-time code.'
    }
  })
}

function send (form, answer) {
  const field = form.elements.namedItem('passkey') ?? document.createElement('input')
  field.type = 'hidden'
  field.name = 'passkey'
  field.value = JSON.stringify(answer)
  form.append(field)
  form.submit()
}

function fromJson (options) {
  const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), each => each.charCodeAt(0))
  const known = list => (list ?? []).map(each => ({ ...each, id: bytes(each.id) }))
  const made = { ...options, challenge: bytes(options.challenge) }
  if (options.user) made.user = { ...options.user, id: bytes(options.user.id) }
  if (options.excludeCredentials) made.excludeCredentials = known(options.excludeCredentials)
  if (options.allowCredentials) made.allowCredentials = known(options.allowCredentials)
  return made
}

function toJson (credential) {
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  const response = {}
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[name]) response[name] = text(credential.response[name])
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} }
}
