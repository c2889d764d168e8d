<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Module;

/** The form of one instance of the storefront's recommendations. OpenCart keeps the instances and puts them into layouts. */
class MeschainRecommendations extends \Opencart\System\Engine\Controller
{
    private const ROUTE = 'extension/meschain/module/meschain_recommendations';
    private const CODE = 'meschain.meschain_recommendations';
    private const KINDS = ['auto', 'related', 'together', 'for_you', 'basket', 'trending'];
    /** Whole numbers of the form and the most each may be. */
    private const NUMBERS = ['limit' => 24, 'width' => 2000, 'height' => 2000];
    private const DEFAULTS = ['name' => '', 'kind' => 'auto', 'axis' => 'horizontal', 'limit' => 4, 'width' => 200, 'height' => 200, 'status' => ''];

    public function index(): void
    {
        $this->load->language(self::ROUTE);
        $this->document->setTitle($this->language->get('heading_title'));
        $id = (int)($this->request->get['module_id'] ?? 0);
        $this->load->model('setting/module');
        $found = $id ? $this->model_setting_module->getModule($id) : [];
        $module = $id ? ['module_id' => $id] : [];
        $data = array_intersect_key($found, self::DEFAULTS) + self::DEFAULTS;
        $data += [
            'module_id'   => $id,
            'kinds'       => self::KINDS,
            'most'        => self::NUMBERS,
            'save'        => $this->link(self::ROUTE . '.save', $module),
            'back'        => $this->link('marketplace/extension', ['type' => 'module']),
            'breadcrumbs' => [
                ['text' => $this->language->get('text_home'), 'href' => $this->link('common/dashboard')],
                ['text' => $this->language->get('text_extension'), 'href' => $this->link('marketplace/extension', ['type' => 'module'])],
                ['text' => $this->language->get('heading_title'), 'href' => $this->link(self::ROUTE, $module)],
            ],
            'header'      => $this->load->controller('common/header'),
            'column_left' => $this->load->controller('common/column_left'),
            'footer'      => $this->load->controller('common/footer'),
        ];
        $this->response->setOutput($this->load->view(self::ROUTE, $data));
    }

    public function save(): void
    {
        $this->load->language(self::ROUTE);
        $post = array_filter($this->request->post, 'is_string') + ['module_id' => '0', 'status' => '0'] + array_map('strval', self::DEFAULTS);
        $errors = $this->errors($post);
        $answer = $errors ? ['error' => $errors] : ['success' => $this->language->get('text_success')];
        if (!$errors) {
            $this->load->model('setting/module');
            $data = array_intersect_key($post, self::DEFAULTS);
            $id = (int)$post['module_id'];
            if ($id) {
                $this->model_setting_module->editModule($id, $data + ['module_id' => $id]);
            } else {
                $answer['module_id'] = $this->model_setting_module->addModule(self::CODE, $data);
            }
        }
        $this->response->addHeader('Content-Type: application/json');
        $this->response->setOutput(json_encode($answer));
    }

    /** @return array<string, string> by field; 'warning' is the form's */
    private function errors(array $post): array
    {
        if (!$this->user->hasPermission('modify', self::ROUTE) || ($this->request->server['REQUEST_METHOD'] ?? '') !== 'POST') {
            return ['warning' => $this->language->get('error_permission')];
        }
        $errors = [];
        $length = oc_strlen($post['name']);
        if ($length < 3 || $length > 64) {
            $errors['name'] = $this->language->get('error_name');
        }
        foreach (self::NUMBERS as $field => $most) {
            if (!ctype_digit($post[$field]) || (int)$post[$field] < 1 || (int)$post[$field] > $most) {
                $errors[$field] = strtr($this->language->get('error_number'), ['{most}' => (string)$most]);
            }
        }
        if (!in_array($post['kind'], self::KINDS, true) || !in_array($post['axis'], ['horizontal', 'vertical'], true)) {
            $errors['warning'] = $this->language->get('error_permission');
        }

        return $errors;
    }

    private function link(string $route, array $query = []): string
    {
        return $this->url->link($route, http_build_query(['user_token' => $this->session->data['user_token']] + $query), true);
    }
}
