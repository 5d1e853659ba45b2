"""政务服务与权力事项目录: one item version drives guide, form, route, clock and result."""
