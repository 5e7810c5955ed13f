import { createRoot } from 'react-dom/client';

import { openApp } from './boot/open-app.ts';
import { Root } from './boot/root.tsx';

const container = document.querySelector('#root');
if (container === null) throw new Error('index.html has no #root');

try {
  createRoot(container).render(<Root app={await openApp()} />);
} catch (error) {
  // Nothing is loaded that could translate: one sentence in each language, then the cause for whoever looks.
  container.textContent =
    'Quittance cannot be reached; please reload. · Quittance est injoignable, rechargez la page. · تعذّر الوصول إلى كويتانس، أعد تحميل الصفحة.';
  throw error;
}
